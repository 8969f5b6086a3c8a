package dev.postern.cli.audit.index;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Has the running audit-service rebuild its index from the log and compare it with the live one, and follows that.
///
/// A rebuild that somebody else began is followed to its end. For one thread.
public final class IndexProof {
    private static final String PATH = "/v1/index/rebuild";
    private static final int ACCEPTED = 202;
    private static final int UNDER_WAY = 409;
    private static final int EVERY = 10;

    private final URI rebuild;
    private final PlatformHttp http;
    private final Duration pause;
    private final Progress progress;

    /// @param service  the audit-service
    /// @param pause    between two looks at how far it is
    public IndexProof(URI service, PlatformHttp http, Duration pause, Progress progress) {
        this.rebuild = service.resolve(PATH);
        this.http = http;
        this.pause = pause;
        this.progress = progress;
    }

    /// The service's report of a rebuild that has ended.
    ///
    /// @throws Failure when the service does not take the order, or cannot be asked
    public JsonNode run() throws InterruptedException {
        HttpResponse<String> answer =
                http.send(PlatformHttp.request(rebuild).POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() == UNDER_WAY) {
            progress.say("A rebuild is under way; this waits for its end.");
        } else if (answer.statusCode() != ACCEPTED) {
            throw new Failure(
                    ExitCode.ofStatus(answer.statusCode()),
                    "The audit-service does not rebuild its index: " + answer.statusCode() + " "
                            + PlatformHttp.problem(answer.body()).path("title").asString(""));
        }
        JsonNode report = http.json(rebuild);
        for (int look = 0; isUnderWay(report); look++) {
            if (look % EVERY == 0) {
                progress.detail(line(report));
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            report = http.json(rebuild);
        }
        return report;
    }

    private static boolean isUnderWay(JsonNode report) {
        String state = report.path("state").asString("");
        return state.equals("READING") || state.equals("COMPARING");
    }

    private static String line(JsonNode report) {
        return report.path("state").asString("").equals("READING")
                ? "%,d events of %,d leaves read"
                        .formatted(
                                report.path("entries").asLong(0),
                                report.path("of").asLong(0))
                : report.path("days").asInt(0) + " days compared";
    }

    /// Whether the index holds what the log says: [ExitCode#DONE], [ExitCode#NOT_SOUND], or [ExitCode#FAILED] when it
    /// could not be told.
    public static ExitCode outcome(JsonNode report) {
        return switch (report.path("state").asString("")) {
            case "EQUAL" -> ExitCode.DONE;
            case "DIFFERENT" -> ExitCode.NOT_SOUND;
            default -> ExitCode.FAILED;
        };
    }

    /// The report as sentences.
    public static String text(JsonNode report) {
        String seconds = "%.1f s".formatted(report.path("milliseconds").asLong(0) / 1000.0);
        String size = "%,d events of %d days"
                .formatted(report.path("entries").asLong(0), report.path("days").asInt(0));
        return switch (report.path("state").asString("")) {
            case "EQUAL" -> "The index is what the log says: " + size + ", rebuilt and compared in " + seconds + ".\n";
            case "DIFFERENT" -> different(report, size, seconds);
            default -> "It could not be told: " + report.path("failure").asString("no rebuild was found.") + "\n";
        };
    }

    private static String different(JsonNode report, String size, String seconds) {
        StringBuilder days = new StringBuilder();
        for (JsonNode day : report.path("different")) {
            days.append(days.isEmpty() ? "" : " ").append(day.asString(""));
        }
        JsonNode difference = report.path("difference");
        return "DIFFERENT: the index was not what the log says (" + size + ", " + seconds + ").\n"
                + "  days         " + days + "\n"
                + "  first in     " + difference.path("table").asString("") + "\n"
                + "  the index    " + difference.path("live").asString("") + "\n"
                + "  the log      " + difference.path("rebuilt").asString("") + "\n"
                + "These days are replaced by what the log says. Run this again to see it.\n";
    }
}
