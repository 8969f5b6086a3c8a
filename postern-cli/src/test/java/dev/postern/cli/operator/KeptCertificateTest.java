package dev.postern.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptCertificateTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void fileWhenTheCertificateIsRenewedThenTheNewPairForItsOwnerOnly() throws Exception {
        InMemoryAuthority authority =
                InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
        try (WorkloadIdentity identity =
                authority.identityOf(new TrustDomain("postern.local").idOf("operator/monitor"))) {
            Path file = directory.resolve("tls/identity.pem");
            KeptCertificate.in(file, identity);
            X509Certificate first = pair(file);
            assertThat(first).isEqualTo(identity.current().leaf());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            IdentityDocument next = identity.renewNow().get(10, TimeUnit.SECONDS);

            assertThat(pair(file)).isEqualTo(next.leaf()).isNotEqualTo(first);
        }
    }

    /// The certificate, when the key beside it is its own.
    private static X509Certificate pair(Path file) throws Exception {
        String pem = Files.readString(file);
        String begin = "-----BEGIN PRIVATE KEY-----";
        String key = pem.substring(pem.indexOf(begin) + begin.length(), pem.indexOf("-----END PRIVATE KEY-----"));
        PrivateKey privateKey = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key)));
        X509Certificate leaf = CertificatePem.certificates(pem.substring(0, pem.indexOf(begin)))
                .getFirst();
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(privateKey);
        signing.update(new byte[] {1});
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance("SHA256withECDSA");
        verifying.initVerify(leaf);
        verifying.update(new byte[] {1});
        assertThat(verifying.verify(signature)).isTrue();
        return leaf;
    }
}
