package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Printable;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Options of those who ask for captured bodies and who decide: where the audit-service is, who is calling, and how
/// the answer is printed.
final class CustodyAccess {
    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "Holds an access token for urn:postern:audit with scope audit:read; read anew for each call.")
    private Path tokenFile = Path.of("");

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The audit-service (default: this machine's platform).")
    private @Nullable URI server;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Whom to trust for it (default: ca.pem in the platform's home).")
    private @Nullable Path ca;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    ArchiveService service() {
        PlatformSettings settings = Surroundings.real(Upstream.SIMULATOR).settings();
        return new ArchiveService(
                new PlatformHttp(
                        PemIdentity.trusting(ca == null ? settings.home().caCertificate() : ca)),
                server == null ? settings.ports().endpoint(PlatformService.AUDIT) : server,
                tokenFile);
    }

    /// Whether a document is wanted and nothing else.
    boolean isJson() {
        return json;
    }

    /// Where what was found is printed.
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /// Prints a document, or what people read in its place.
    void print(JsonNode document, Consumer<PrintWriter> table) {
        PrintWriter out = out();
        if (json) {
            out.println(Printable.json(document));
        } else {
            table.accept(out);
        }
        out.flush();
    }
}
