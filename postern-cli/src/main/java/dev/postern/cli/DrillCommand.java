package dev.postern.cli;

import dev.postern.cli.keys.DrillReport;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Failure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `postern drill`: groups what is practised before it is needed.
@Command(
        name = "drill",
        description = "Practises what must work when it is needed.",
        mixinStandardHelpOptions = true,
        subcommands = DrillCommand.Compromise.class)
final class DrillCommand {
    /// `postern drill compromise`: ends 0 only when everything that was waited for has happened.
    @Command(
            name = "compromise",
            description = "Denies the active keys of a class as if they had leaked, and shows how long each step took.",
            mixinStandardHelpOptions = true)
    static final class Compromise implements Callable<Integer> {
        private static final Duration PATIENCE = Duration.ofSeconds(60);
        private static final String CERTIFICATE = "service-cert";
        private static final Set<String> SEALING = Set.of("kms-wrapping", "vault-record");

        @Option(
                names = "--key",
                required = true,
                paramLabel = "CLASS",
                description = "token-signing, relay-hpke, challenge-mac, tls-ticket, service-cert, pseudonym,"
                        + " vault-record, audit-epoch or kms-wrapping.")
        private String key = "";

        @Option(
                names = "--owner",
                paramLabel = "SERVICE",
                description = "Only this service's keys, for example redaction-service (its certificate is the one"
                        + " that a drill of service-cert denies if none is named).")
        private @Nullable String owner;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
            try (PlatformVisit _ = PlatformVisit.begin(surroundings);
                    KeysAccess access = KeysAccess.to(surroundings.settings())) {
                return drill(access, PATIENCE);
            }
        }

        /// The same on a platform that runs.
        int drill(KeysAccess access, Duration patience) throws InterruptedException {
            KeyLedger ledger = access.ledger();
            DrillReport report = key.equals(CERTIFICATE)
                    ? ledger.drillCertificate(access.management().apply(service()), patience)
                    : ledger.drill(key, Optional.ofNullable(owner).map(service -> "service/" + service), patience);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(report.document());
            } else {
                print(report, out);
            }
            out.flush();
            return report.complete() ? 0 : 1;
        }

        private PlatformService service() {
            String named = owner == null ? PlatformService.REDACTION.artifact() : owner;
            return Arrays.stream(PlatformService.values())
                    .filter(service -> service.artifact().equals(named))
                    .findFirst()
                    .orElseThrow(() -> new Failure("There is no service " + named + "."));
        }

        private void print(DrillReport report, PrintWriter out) {
            for (DrillReport.Step step : report.steps()) {
                out.printf("%8d ms  %s%n", step.after().toMillis(), step.phase());
            }
            report.incident()
                    .path("silent")
                    .forEach(silent -> out.println(
                            "   never     acknowledged by " + silent.path("id").stringValue("")));
            report.incident().path("owed").forEach(owed -> out.println("   never     " + owed.stringValue("")));
            out.println((SEALING.contains(key)
                            ? "Values that were sealed anew: "
                            : "Sessions and requests that ended with the key: ")
                    + report.incident().path("sessions_ended").intValue(0));
        }
    }
}
