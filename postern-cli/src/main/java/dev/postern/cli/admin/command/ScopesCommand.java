package dev.postern.cli.admin.command;

import picocli.CommandLine.Command;

/// `postern admin scopes`
@Command(name = "scopes", description = "The scopes that clients may be given.", mixinStandardHelpOptions = true)
final class ScopesCommand extends EditableNoun {
    ScopesCommand() {
        super("Scope", "/scopes", Column.of("name", "description"));
    }
}
