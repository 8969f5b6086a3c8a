package dev.postern.cli;

import dev.postern.cli.custody.ArchiveService;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of those who ask for captured bodies and who decide: where the audit-service is, and who is calling.
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

    ArchiveService service() {
        PlatformSettings settings = Surroundings.real(Upstream.SIMULATOR).settings();
        return new ArchiveService(
                new PlatformHttp(
                        PemIdentity.trusting(ca == null ? settings.home().caCertificate() : ca)),
                server == null ? settings.ports().endpoint(PlatformService.AUDIT) : server,
                tokenFile);
    }
}
