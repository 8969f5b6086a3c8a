package dev.postern.cli;

import dev.postern.cli.operator.KeptCertificate;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Failure;
import dev.postern.identity.Credential;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern certificate`: beside a scraper in its pod.
@Command(
        name = "certificate",
        description = {
            "Keeps a certificate of the platform in a file, for a program that reads metrics, and renews it until",
            "it is stopped. What proves it is the service account of the pod."
        },
        mixinStandardHelpOptions = true)
final class CertificateCommand implements Callable<Integer> {
    @Option(names = "--as", defaultValue = "operator/monitor", description = "Whose (default: ${DEFAULT-VALUE}).")
    private String workload = "";

    @Option(names = "--authority", required = true, paramLabel = "URL", description = "key-rotation-service.")
    private URI authority = URI.create("");

    @Option(names = "--ca", required = true, paramLabel = "FILE", description = "The platform's CA certificate.")
    private Path ca = Path.of("");

    @Option(
            names = "--service-account-token",
            paramLabel = "FILE",
            defaultValue = "/var/run/secrets/postern/token",
            description = "For the audience postern (default: ${DEFAULT-VALUE}).")
    private Path token = Path.of("");

    @Option(names = "--trust-domain", defaultValue = "postern.local", description = "Default: ${DEFAULT-VALUE}.")
    private String trustDomain = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Certificate and key, in PEM form.")
    private Path out = Path.of("");

    @Option(names = "--patience", defaultValue = "PT5M", description = "Longest first wait (default: 5 minutes).")
    private Duration patience = Duration.ZERO;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        JoinSettings settings = new JoinSettings(
                workload, trustDomain, authority, ca, new Credential.ServiceAccount(token), List.of(), patience);
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings, surroundings.clock(), surroundings.random())) {
            KeptCertificate.in(out, identity);
            surroundings.progress().say(identity.current().spiffeId() + " is in " + out);
            new CountDownLatch(1).await();
            return 0;
        } catch (IdentityUnavailable unavailable) {
            throw new Failure(String.valueOf(unavailable.getMessage()), unavailable);
        }
    }
}
