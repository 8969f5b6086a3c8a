package dev.postern.cli.operator;

import dev.postern.cli.home.JoinTokens;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.TlsFiles;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.Credential;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.JoinSettings;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/// The identity `operator/cli` of whoever owns the home directory. It is born and joins when the platform starts, and
/// lies under `clients/operator/` (0600) so that later commands, and `curl` on a management port, can use it.
public final class Operator {
    private static final String SERVICE = "operator/cli";

    private final PosternHome home;

    public Operator(PosternHome home) {
        this.home = home;
    }

    /// Joins with a token of its own and keeps the certificate and its key in files. Blocks until the authority
    /// answers.
    public void join(URI authority, JoinTokens tokens, Clock clock, Duration timeout) {
        Path tokenFile = home.client("operator").resolve("join-token");
        tokens.issue(SERVICE, tokenFile);
        JoinSettings settings = new JoinSettings(
                SERVICE,
                "postern.local",
                authority,
                home.caCertificate(),
                new Credential.JoinToken(tokenFile),
                List.of(),
                timeout);
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings, clock)) {
            IdentityDocument document = identity.current();
            PrivateFiles.write(home.operatorCertificate(), String.join("", CertificatePem.encode(document.chain())));
            PrivateFiles.write(home.operatorKey(), TlsFiles.pem(document.privateKey()));
        }
    }

    /// TLS as the operator.
    public SSLContext tls() {
        return PemIdentity.identified(home.operatorCertificate(), home.operatorKey(), home.caCertificate());
    }
}
