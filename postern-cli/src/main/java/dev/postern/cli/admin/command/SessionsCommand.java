package dev.postern.cli.admin.command;

import dev.postern.cli.admin.AdminClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern admin sessions`
@Command(name = "sessions", description = "What runs now, and ends it.", mixinStandardHelpOptions = true)
final class SessionsCommand extends AdminSubcommand {
    private static final List<Column> COLUMNS =
            Column.of("sid", "client", "tenant", "kind", "operation", "started", "replica");

    @Command(name = "list", description = "Lists live requests and sessions.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--client", description = "Of this client only.") @Nullable String client,
            @Option(names = "--tenant", description = "Of this tenant only.") @Nullable String tenant)
            throws InterruptedException {
        List<String> query = new ArrayList<>();
        if (client != null) {
            query.add("client=" + AdminClient.segment(client));
        }
        if (tenant != null) {
            query.add("tenant=" + AdminClient.segment(tenant));
        }
        String path = "/sessions" + (query.isEmpty() ? "" : "?" + String.join("&", query));
        return admin().show(api -> Shown.table(api.list(path), COLUMNS));
    }

    @Command(name = "show", description = "Shows one.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "SID") String sid) throws InterruptedException {
        return admin().show(api -> Shown.fields(api.get(path(sid)).body()));
    }

    @Command(name = "kill", description = "Revokes one: all that runs on it ends.", mixinStandardHelpOptions = true)
    int kill(@Parameters(paramLabel = "SID") String sid) throws InterruptedException {
        return admin().change("Session " + sid + " is revoked.", api -> api.end(path(sid)));
    }

    private static String path(String sid) {
        return "/sessions/" + AdminClient.segment(sid);
    }
}
