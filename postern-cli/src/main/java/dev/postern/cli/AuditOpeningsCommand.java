package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.ShownOpening;
import dev.postern.cli.terminal.Printable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern audit openings`
@Command(
        name = "openings",
        description = "Lists requests to open captured bodies, or shows one.",
        mixinStandardHelpOptions = true)
final class AuditOpeningsCommand implements Callable<Integer> {
    @Mixin
    private CustodyAccess access = new CustodyAccess();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Shows what exactly is asked for.")
    private @Nullable String id;

    @Override
    public Integer call() throws InterruptedException {
        try (ArchiveService service = access.service()) {
            if (id == null) {
                JsonNode openings = service.openings();
                access.print(openings, out -> table(openings, out));
            } else {
                JsonNode answer = service.opening(id);
                ShownOpening shown = ShownOpening.read(answer, id);
                access.print(answer, out -> show(shown, out));
            }
        }
        return 0;
    }

    private static void table(JsonNode openings, PrintWriter out) {
        if (openings.isEmpty()) {
            out.println("no openings");
        }
        openings.forEach(opening -> out.printf(
                "%-16s %-8s %3d captures  by %-24s until %s  %s%n",
                Printable.of(opening, "id"),
                Printable.of(opening, "state"),
                opening.path("captures").asInt(0),
                Printable.of(opening, "requester"),
                Printable.of(opening, "expires_at"),
                Printable.of(opening, "reason")));
    }

    /// What custodians read before they decide.
    static void show(ShownOpening shown, PrintWriter out) {
        out.printf("opening   %s, %s%n", shown.id(), Printable.of(shown.state()));
        out.printf("asked by  %s at %s%n", Printable.of(shown.request().requester()), Printable.of(shown.askedAt()));
        out.printf("reason    %s%n", shown.request().reason());
        out.printf(
                "shares to %s   ask who asks, by another way, whether this is their key%n",
                shown.recipient().name());
        out.printf("digest    %s   of all of this, computed here%n", shown.digest());
        shown.decisions()
                .forEach(decision -> out.printf(
                        "decided   %s: %s%n", Printable.of(decision, "custodian"), Printable.of(decision, "kind")));
        shown.bodies()
                .forEach(body -> out.printf(
                        "capture   %s: the %s of request %s, client %s, tenant %s, %d octets sealed%n",
                        body.name().captureId(),
                        body.name().kind(),
                        body.name().requestId(),
                        body.name().clientId(),
                        body.name().tenant(),
                        body.octets()));
        shown.request()
                .entries()
                .forEach(entry ->
                        out.printf("event     %s of %s%n", Printable.of(entry.id()), Printable.of(entry.source())));
    }
}
