package dev.postern.cli;

import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.platform.Upstream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `postern keys`: the ledger of a running platform.
@Command(
        name = "keys",
        description = "Shows and moves the keys of a running platform.",
        mixinStandardHelpOptions = true)
final class KeysCommand {
    private final Supplier<KeysAccess> access;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @FunctionalInterface
    private interface Work {
        void on(KeyLedger ledger, PrintWriter out) throws InterruptedException;
    }

    KeysCommand() {
        this(() -> KeysAccess.to(Surroundings.real(Upstream.SIMULATOR).settings()));
    }

    KeysCommand(Supplier<KeysAccess> access) {
        this.access = access;
    }

    @Command(name = "list", description = "Lists every key that the ledger knows.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "Print one JSON document.") boolean json)
            throws InterruptedException {
        with((ledger, out) -> {
            JsonNode listing = ledger.list();
            if (json) {
                out.println(listing);
                return;
            }
            listing.path("keys")
                    .forEach(key -> out.printf(
                            "%-14s %-12s %-45s %-22s since %s%n",
                            key.path("class").stringValue(""),
                            key.path("state").stringValue(""),
                            key.path("kid").stringValue(""),
                            lastOf(key.path("owner").stringValue("")),
                            key.path("since").stringValue("")));
            if (listing.has("paused_since")) {
                out.println("Scheduled rotation is paused since "
                        + listing.path("paused_since").stringValue(""));
            }
        });
    }

    @Command(
            name = "plan",
            description = "Shows when the schedule replaces which key, and what would hold it up now.",
            mixinStandardHelpOptions = true)
    void plan(@Option(names = "--json", description = "Print one JSON document.") boolean json)
            throws InterruptedException {
        with((ledger, out) -> {
            JsonNode plan = ledger.plan();
            if (json) {
                out.println(plan);
                return;
            }
            plan.forEach(key -> out.printf(
                    "%-14s %-45s %s %s%n",
                    key.path("class").stringValue(""),
                    key.path("kid").stringValue(""),
                    key.path("at").stringValue(""),
                    key.path("held").stringValue("")));
        });
    }

    @Command(name = "rotate", description = "Replaces the active keys of a class now.", mixinStandardHelpOptions = true)
    void rotate(
            @Parameters(paramLabel = "CLASS") String keyClass,
            @Option(
                            names = "--owner",
                            paramLabel = "SERVICE",
                            description = "Only this service's keys, for example token-service.")
                    @Nullable
                    String owner)
            throws InterruptedException {
        Optional<String> path = Optional.ofNullable(owner).map(service -> "service/" + service);
        with((ledger, out) -> out.println(ledger.rotate(keyClass, path)));
    }

    @Command(name = "pause", description = "Stops scheduled replacement.", mixinStandardHelpOptions = true)
    void pause() throws InterruptedException {
        with((ledger, _) -> ledger.pause());
    }

    @Command(name = "resume", description = "Lets scheduled replacement go on.", mixinStandardHelpOptions = true)
    void resume() throws InterruptedException {
        with((ledger, _) -> ledger.resume());
    }

    private static String lastOf(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    private void with(Work work) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (KeysAccess open = access.get()) {
            work.on(open.ledger(), out);
        }
        out.flush();
    }
}
