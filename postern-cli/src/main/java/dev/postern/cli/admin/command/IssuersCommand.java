package dev.postern.cli.admin.command;

import picocli.CommandLine.Command;

/// `postern admin issuers`
@Command(
        name = "issuers",
        description = "Foreign issuers whose tokens may be exchanged.",
        mixinStandardHelpOptions = true)
final class IssuersCommand extends EditableNoun {
    IssuersCommand() {
        super("Issuer", "/issuers", Column.of("name", "type", "issuer", "audience", "tenant", "scopes"));
    }
}
