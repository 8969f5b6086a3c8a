package dev.postern.cli;

import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern audit investigate`: from one event to what must be revoked.
@Command(
        name = "investigate",
        description = "Goes from one event to its credential, the key that signed it, and all that the key signed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The platform has to be up; its operator's certificate is used.",
            "SOURCE and ID are those of an event in GET /v1/events."
        })
final class AuditInvestigateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "The producer's SPIFFE id.")
    private @Nullable String source;

    @Parameters(index = "1", paramLabel = "ID", description = "The event's id.")
    private @Nullable String id;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (source == null || id == null) {
            throw new Failure(ExitCode.USAGE, "Say whose event, and which.");
        }
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        try (PlatformHttp http =
                new PlatformHttp(new Operator(surroundings.settings().home()).tls())) {
            JsonNode found = http.json(surroundings
                    .settings()
                    .ports()
                    .endpoint(PlatformService.AUDIT)
                    .resolve("/v1/investigations?source=" + encoded(source) + "&id=" + encoded(id)));
            System.out.print(json ? found + "\n" : table(found));
        }
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String table(JsonNode found) {
        StringBuilder out = new StringBuilder();
        JsonNode event = found.path("event");
        line(
                out,
                "event",
                event.path("type").asString("") + " at " + event.path("time").asString(""));
        line(out, "credential", list(found.path("credentials")));
        line(out, "signed by", list(found.path("keys")));
        for (JsonNode row : found.path("signed")) {
            line(
                    out,
                    "  under it",
                    row.path("count").asLong() + " " + row.path("type").asString("") + ", "
                            + row.path("first").asString("") + " to "
                            + row.path("last").asString(""));
        }
        JsonNode revoke = found.path("revoke");
        line(out, "to revoke", "");
        for (String kind : new String[] {"keys", "tokens", "sessions", "clients"}) {
            line(out, "  " + kind, list(revoke.path(kind)));
        }
        if (found.path("truncated").asBoolean(false)) {
            line(out, "", "There are more tokens than these: the newest are shown.");
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append("%-12s %s".formatted(name, value).stripTrailing()).append('\n');
    }

    private static String list(JsonNode values) {
        return values.isEmpty()
                ? "none"
                : values.valueStream().map(value -> value.asString("")).collect(Collectors.joining(" "));
    }
}
