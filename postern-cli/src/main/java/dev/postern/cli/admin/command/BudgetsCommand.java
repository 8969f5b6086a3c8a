package dev.postern.cli.admin.command;

import picocli.CommandLine.Command;

/// `postern admin budgets`
@Command(
        name = "budgets",
        description = "How much a tenant or client may use of a model. A change is a new policy version at once.",
        mixinStandardHelpOptions = true)
final class BudgetsCommand extends EditableNoun {
    BudgetsCommand() {
        super(
                "Budget",
                "/budgets",
                Column.of(
                        "id",
                        "tenant",
                        "client",
                        "model",
                        "requests_per_minute",
                        "requests_per_day",
                        "model_tokens_per_minute",
                        "model_tokens_per_day",
                        "concurrent",
                        "spend_micros_per_day"));
    }
}
