package dev.postern.cli.admin.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/// A command below `postern admin`.
abstract class AdminSubcommand {
    @ParentCommand
    private @Nullable AdminCommand parent;

    final AdminCommand admin() {
        if (parent == null) {
            throw new IllegalStateException("picocli sets the parent");
        }
        return parent;
    }
}
