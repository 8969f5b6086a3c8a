package dev.postern.cli;

import dev.postern.archive.Custodian;
import dev.postern.cli.custody.CustodianKeys;
import dev.postern.cli.platform.Upstream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `postern audit custodian`
@Command(
        name = "custodian",
        description = "Makes custodians' keys.",
        mixinStandardHelpOptions = true,
        subcommands = AuditCustodianCommand.Keygen.class)
final class AuditCustodianCommand {
    /// `postern audit custodian keygen`
    @Command(
            name = "keygen",
            description = "Makes a custodian's key pair, on the custodian's own machine.",
            mixinStandardHelpOptions = true)
    static final class Keygen implements Callable<Integer> {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The custodian, as the subject of their tokens names them.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "KEY_FILE", description = "Where the private half is written (0600).")
        private Path privateFile = Path.of("");

        @Parameters(
                index = "2",
                paramLabel = "PUBLIC_FILE",
                description = "Where the public half is written: a line for custodians.")
        private Path publicFile = Path.of("");

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
            Custodian made = CustodianKeys.generate(
                    surroundings.settings().home(), name, privateFile, publicFile, surroundings.random());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(JsonMapper.shared()
                        .createObjectNode()
                        .put("custodian", made.name())
                        .put("key", made.recipient().name())
                        .put("private_key_file", privateFile.toString())
                        .put("public_key_file", publicFile.toString()));
            } else {
                out.printf(
                        "custodian    %s, key %s%n",
                        made.name(), made.recipient().name());
                out.printf("private half %s   %s's alone, on no machine of the platform%n", privateFile, made.name());
                out.printf("public half  %s   a line for the files of custodians%n", publicFile);
            }
            out.flush();
            return 0;
        }
    }
}
