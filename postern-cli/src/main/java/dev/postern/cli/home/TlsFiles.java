package dev.postern.cli.home;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.InMemoryAuthority.Grant;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// A certificate and its key in PEM form.
public record TlsFiles(Path certificate, Path key) {
    private static final Duration LIFE = Duration.ofDays(3650);

    /// Makes the pair when it is missing. Its issuer is made for the purpose and forgotten at once.
    void ensure(String name, Clock clock, SecureRandom random) {
        if (Files.exists(certificate) && Files.exists(key)) {
            return;
        }
        URI id = URI.create("spiffe://clients.invalid/" + name);
        InMemoryAuthority authority = InMemoryAuthority.create(name, LIFE, clock, random);
        try (WorkloadIdentity identity = WorkloadIdentity.issuedBy(
                authority.issuerFor(new Grant(id, List.of(), LIFE)), id, List.of(), clock, random)) {
            IdentityDocument document = identity.current();
            PrivateFiles.write(key, pem(document.privateKey()));
            PrivateFiles.write(certificate, CertificatePem.encode(document.leaf()));
        }
    }

    /// A private key as PKCS #8 in PEM form.
    public static String pem(PrivateKey key) {
        String body = new String(
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(key.getEncoded()), StandardCharsets.US_ASCII);
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    }
}
