package dev.postern.cli;

import dev.postern.cli.platform.Upstream;
import dev.postern.cli.proof.EncryptionEvidence;
import dev.postern.cli.proof.EncryptionProof;
import dev.postern.cli.proof.Finding;
import dev.postern.cli.proof.StoreEvidence;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern proof`: groups what can be shown about this platform.
@Command(
        name = "proof",
        description = "Shows evidence for what is promised.",
        mixinStandardHelpOptions = true,
        subcommands = ProofCommand.Encryption.class)
final class ProofCommand {

    /// `postern proof encryption`: ends 0 only when no store holds anything that it should not.
    @Command(
            name = "encryption",
            description = "Checks that every store holds ciphertext, ids or public facts only.",
            mixinStandardHelpOptions = true)
    static final class Encryption implements Callable<Integer> {
        private static final int NOT_OK = 1;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws InterruptedException {
            Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
            EncryptionProof.Result result = new EncryptionEvidence(
                            surroundings.settings(),
                            surroundings.platform(),
                            surroundings.random(),
                            surroundings.clock())
                    .gather();
            System.out.print(json ? document(result) + System.lineSeparator() : table(result));
            return result.ok() ? 0 : NOT_OK;
        }

        static String table(EncryptionProof.Result result) {
            StringBuilder table = new StringBuilder();
            for (StoreEvidence seen : result.stores()) {
                table.append("%-6s %-24s %-20s %s%n"
                        .formatted(
                                seen.ok() ? "ok" : "FAILED",
                                seen.store().title(),
                                seen.store().protection().words(),
                                seen.evidence()));
                append(table, seen.findings());
            }
            append(table, result.unknown());
            return table.append(
                            result.planted() == 0
                                    ? "%nThe platform does not run: only the form of what is stored was looked at.%n"
                                            .formatted()
                                    : "%n%d planted values were looked for in every store.%n"
                                            .formatted(result.planted()))
                    .toString();
        }

        private static void append(StringBuilder table, List<Finding> findings) {
            for (Finding finding : findings) {
                table.append("       %s, offset %d: %s%n".formatted(finding.place(), finding.offset(), finding.what()));
            }
        }

        static ObjectNode document(EncryptionProof.Result result) {
            ObjectNode document =
                    new JsonMapper().createObjectNode().put("ok", result.ok()).put("planted", result.planted());
            ArrayNode stores = document.putArray("stores");
            for (StoreEvidence seen : result.stores()) {
                ObjectNode store = stores.addObject()
                        .put("store", seen.store().title())
                        .put("holds", seen.store().holds())
                        .put("protection", seen.store().protection().words())
                        .put("ok", seen.ok())
                        .put("evidence", seen.evidence());
                add(store.putArray("findings"), seen.findings());
            }
            add(document.putArray("unknown"), result.unknown());
            return document;
        }

        private static void add(ArrayNode array, List<Finding> findings) {
            for (Finding finding : findings) {
                array.addObject()
                        .put("place", finding.place())
                        .put("offset", finding.offset())
                        .put("what", finding.what());
            }
        }
    }
}
