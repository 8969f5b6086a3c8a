package dev.postern.cli.admin.command;

import dev.postern.cli.admin.AdminClient;
import java.util.List;
import picocli.CommandLine.Command;

/// Something the admin API has a list of.
abstract class Noun extends AdminSubcommand {
    private final String path;
    private final List<Column> columns;

    /// @param path of the list, such as `/clients`
    Noun(String path, List<Column> columns) {
        this.path = path;
        this.columns = columns;
    }

    @Command(name = "list", description = "Lists them all.", mixinStandardHelpOptions = true)
    int list() throws InterruptedException {
        return admin().show(api -> Shown.table(api.list(path), columns));
    }

    List<Column> columns() {
        return columns;
    }

    String path(String name) {
        return path + "/" + AdminClient.segment(name);
    }
}
