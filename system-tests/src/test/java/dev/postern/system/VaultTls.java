package dev.postern.system;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.VaultForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/// A certificate for a Vault on this machine, of an authority that nobody else trusts.
final class VaultTls {
    private VaultTls() {}

    static VaultForTests.Tls in(Path directory) throws IOException {
        Path tls = Files.createDirectories(directory);
        InMemoryAuthority authority =
                InMemoryAuthority.create("Vault's CA", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
        try (WorkloadIdentity server = authority.identityOf(new TrustDomain("postern.local").idOf("vault"))) {
            IdentityDocument document = server.current();
            Files.writeString(tls.resolve("server.pem"), CertificatePem.encode(document.leaf()));
            Files.writeString(
                    tls.resolve("server-key.pem"),
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(document.privateKey().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }
        Files.writeString(tls.resolve("authority.pem"), CertificatePem.encode(authority.certificate()));
        return new VaultForTests.Tls(tls);
    }
}
