package dev.postern.cli;

import dev.postern.cli.audit.AuditVerification;
import dev.postern.cli.platform.Upstream;
import dev.postern.tlog.Inconsistency;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern audit`: groups what can be done with the audit log.
@Command(
        name = "audit",
        description = "Works with the audit log.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AuditCommand.Verify.class,
            AuditOpenCommands.Custodians.class,
            AuditOpenCommands.Captures.class,
            AuditOpenCommands.Open.class,
            AuditOpenCommands.Openings.class,
            AuditOpenCommands.Approve.class,
            AuditOpenCommands.Refuse.class
        })
final class AuditCommand {
    /// `postern audit verify`: ends 0 only when every shard is sound.
    @Command(
            name = "verify",
            description = "Checks the whole log offline: signatures, every leaf, every tile.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "DIR",
                description = "A directory with log/ and vkeys/ (default: this platform's).")
        private @Nullable Path directory;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            Path log = directory == null
                    ? Surroundings.real(Upstream.SIMULATOR).settings().home().auditLog()
                    : directory;
            List<AuditVerification.Shard> shards = new AuditVerification(log).run();
            boolean sound = shards.stream().allMatch(shard -> shard.report().sound());
            if (json) {
                System.out.println(document(shards, sound));
            } else {
                shards.forEach(Verify::print);
            }
            return sound ? 0 : 1;
        }

        private static void print(AuditVerification.Shard shard) {
            System.out.println(shard.report()
                    .inconsistency()
                    .map(wrong -> "BROKEN " + shard.origin() + ": " + sentence(wrong))
                    .orElseGet(() -> "ok     " + shard.origin() + ": "
                            + shard.report().leaves() + " entries, root "
                            + shard.report()
                                    .checkpoint()
                                    .map(checkpoint -> checkpoint.root().base64())
                                    .orElse("?")));
        }

        private static String sentence(Inconsistency wrong) {
            return (wrong.index() < 0 ? "" : "entry " + wrong.index() + ", ") + wrong.path() + ": " + wrong.what();
        }

        private static ObjectNode document(List<AuditVerification.Shard> shards, boolean sound) {
            ObjectNode document = new JsonMapper().createObjectNode().put("ok", sound);
            ArrayNode logs = document.putArray("logs");
            for (AuditVerification.Shard shard : shards) {
                ObjectNode log = logs.addObject()
                        .put("origin", shard.origin())
                        .put("ok", shard.report().sound())
                        .put("entries", shard.report().leaves());
                shard.report()
                        .checkpoint()
                        .ifPresent(checkpoint -> log.put("size", checkpoint.size())
                                .put("root", checkpoint.root().base64()));
                shard.report()
                        .inconsistency()
                        .ifPresent(wrong -> log.putObject("inconsistency")
                                .put("index", wrong.index())
                                .put("path", wrong.path())
                                .put("what", wrong.what()));
            }
            return document;
        }
    }
}
