package dev.postern.cli;

import dev.postern.archive.CustodianKey;
import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.custody.CustodianDecision;
import dev.postern.cli.custody.CustodianKeys;
import dev.postern.cli.custody.ShownOpening;
import dev.postern.cli.custody.Told;
import dev.postern.cli.terminal.Printable;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What a custodian says to a request to open captured bodies: `postern audit approve` and `postern audit refuse`.
final class AuditDecideCommands {
    private AuditDecideCommands() {}

    /// What both take.
    static final class Deciding {
        @Mixin
        private CustodyAccess access = new CustodyAccess();

        @Option(
                names = "--key",
                required = true,
                paramLabel = "KEY_FILE",
                description = "The custodian's private key; - reads it from standard input.")
        private String key = "";

        @Parameters(paramLabel = "ID", description = "The opening.")
        private String id = "";

        /// Turns what is shown into a decision.
        @FunctionalInterface
        interface Way {
            JsonNode decide(CustodianDecision decision, CustodianKey key);
        }

        int decide(Way way) throws InterruptedException {
            try (CustodianKey custodian = CustodianKeys.read(key, System.in);
                    ArchiveService service = access.service()) {
                ShownOpening shown = service.shown(id);
                if (!access.isJson()) {
                    AuditOpeningsCommand.show(shown, access.out());
                    access.out().flush();
                }
                JsonNode decided = service.decide(id, way.decide(new CustodianDecision(shown), custodian));
                access.print(decided, out -> out.println("now       " + Printable.of(decided, "state")));
            }
            return 0;
        }
    }

    /// What is approved, as the custodian knows it.
    static final class Expected {
        @Option(
                names = "--recipient",
                paramLabel = "KEY_NAME",
                description = "Whose key the shares go to, as who asks told you by another way.")
        private @Nullable String recipient;

        @Option(names = "--digest", paramLabel = "DIGEST", description = "As openings ID printed it when you looked.")
        private @Nullable String digest;

        Told told() {
            return new Told(Optional.ofNullable(recipient), Optional.ofNullable(digest));
        }
    }

    /// `postern audit approve`
    @Command(
            name = "approve",
            description = "A custodian's yes: gives their share of each body to who asked. Look first: openings ID.",
            mixinStandardHelpOptions = true)
    static final class Approve implements Callable<Integer> {
        @Mixin
        private Deciding deciding = new Deciding();

        @ArgGroup(exclusive = false, multiplicity = "1")
        private Expected expected = new Expected();

        @Override
        public Integer call() throws InterruptedException {
            return deciding.decide((decision, key) -> decision.approved(key, expected.told()));
        }
    }

    /// `postern audit refuse`
    @Command(
            name = "refuse",
            description = "A custodian's no: ends the request, whatever others said.",
            mixinStandardHelpOptions = true)
    static final class Refuse implements Callable<Integer> {
        @Mixin
        private Deciding deciding = new Deciding();

        @Override
        public Integer call() throws InterruptedException {
            return deciding.decide(CustodianDecision::refused);
        }
    }
}
