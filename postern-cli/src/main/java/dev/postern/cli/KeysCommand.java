package dev.postern.cli;

import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern keys`: the ledger of a running platform.
@Command(
        name = "keys",
        description = "Shows and moves the keys of a running platform.",
        mixinStandardHelpOptions = true)
final class KeysCommand {
    @FunctionalInterface
    private interface Work {
        void on(KeyLedger ledger) throws InterruptedException;
    }

    @Command(name = "list", description = "Lists every key that the ledger knows.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--json", description = "Print one JSON document.") boolean json)
            throws InterruptedException {
        with(ledger -> {
            JsonNode listing = ledger.list();
            if (json) {
                System.out.println(listing);
                return;
            }
            listing.path("keys")
                    .forEach(key -> System.out.printf(
                            "%-14s %-12s %-45s %-22s since %s%n",
                            key.path("class").stringValue(""),
                            key.path("state").stringValue(""),
                            key.path("kid").stringValue(""),
                            lastOf(key.path("owner").stringValue("")),
                            key.path("since").stringValue("")));
            if (listing.has("paused_since")) {
                System.out.println("Scheduled rotation is paused since "
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
        with(ledger -> {
            JsonNode plan = ledger.plan();
            if (json) {
                System.out.println(plan);
                return;
            }
            plan.forEach(key -> System.out.printf(
                    "%-14s %-45s %s %s%n",
                    key.path("class").stringValue(""),
                    key.path("kid").stringValue(""),
                    key.path("at").stringValue(""),
                    key.path("held").stringValue("")));
        });
    }

    @Command(name = "rotate", description = "Replaces the active keys of a class now.", mixinStandardHelpOptions = true)
    void rotate(@Parameters(paramLabel = "CLASS") String keyClass) throws InterruptedException {
        with(ledger -> System.out.println(ledger.rotate(keyClass)));
    }

    @Command(name = "pause", description = "Stops scheduled replacement.", mixinStandardHelpOptions = true)
    void pause() throws InterruptedException {
        with(KeyLedger::pause);
    }

    @Command(name = "resume", description = "Lets scheduled replacement go on.", mixinStandardHelpOptions = true)
    void resume() throws InterruptedException {
        with(KeyLedger::resume);
    }

    private static String lastOf(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    private static void with(Work work) throws InterruptedException {
        PlatformSettings settings = Surroundings.real(Upstream.SIMULATOR).settings();
        try (PlatformHttp operator = new PlatformHttp(new Operator(settings.home()).tls())) {
            work.on(new KeyLedger(operator, settings.ports().endpoint(PlatformService.ROTATION)));
        }
    }
}
