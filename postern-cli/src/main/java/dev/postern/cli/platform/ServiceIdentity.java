package dev.postern.cli.platform;

import dev.postern.cli.home.JoinTokens;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.SecretText;
import dev.postern.identity.Credential;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.WorkloadIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// A certificate of a service of the running platform, for a program that stands in its place: a recorder, or a load
/// generator. Whoever owns the home can have one made, with a join token; to nobody else does the authority give
/// another's identity.
public final class ServiceIdentity {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ServiceIdentity() {}

    /// Blocks until the authority answers. It lives in memory alone, and renews itself until it is closed.
    public static WorkloadIdentity join(
            PlatformSettings settings, PlatformService service, SecureRandom random, Clock clock) {
        Path tokenFile = settings.home().data("recorder").resolve("join-token");
        new JoinTokens(settings.home(), new SecretText(random), clock).issue(service.artifact(), tokenFile);
        try {
            return WorkloadIdentity.join(
                    new JoinSettings(
                            service.artifact(),
                            "postern.local",
                            settings.ports().endpoint(PlatformService.ROTATION),
                            settings.home().caCertificate(),
                            new Credential.JoinToken(tokenFile),
                            List.of("localhost"),
                            PATIENCE),
                    clock);
        } finally {
            // Another's identity for whoever finds it, had nobody used it.
            PrivateFiles.delete(tokenFile);
        }
    }
}
