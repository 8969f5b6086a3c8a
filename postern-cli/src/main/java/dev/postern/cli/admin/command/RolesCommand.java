package dev.postern.cli.admin.command;

import picocli.CommandLine.Command;

/// `postern admin roles`
@Command(
        name = "roles",
        description = "What a role grants: scopes, models, topics. A change is a new policy version at once.",
        mixinStandardHelpOptions = true)
final class RolesCommand extends EditableNoun {
    RolesCommand() {
        super("Role", "/roles", Column.of("name", "scopes", "models", "topics"));
    }
}
