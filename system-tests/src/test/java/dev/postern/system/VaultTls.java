package dev.postern.system;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.VaultForTests;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/// A certificate for a Vault on this machine, of an authority that nobody else trusts.
final class VaultTls {
    private VaultTls() {}

    static VaultForTests.Tls in(Path directory) throws IOException {
        InMemoryAuthority authority =
                InMemoryAuthority.create("Vault's CA", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
        try (WorkloadIdentity server = authority.identityOf(new TrustDomain("postern.local").idOf("vault"))) {
            IdentityDocument document = server.current();
            return VaultForTests.Tls.write(directory, document.leaf(), document.privateKey(), authority.certificate());
        }
    }
}
