package dev.postern.rotation.authority;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.kms.DurableFile;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the CA: key wrapped by the key management and bound to its certificate, in one file, so that the two never
/// part; and the public certificate where everybody finds it.
///
/// Guarantee: a CA is made only where there never was one. A state that was lost or altered stops the start with
/// one sentence: a new CA in place of the old one would silently begin a new trust domain.
final class AuthorityStore {
    private static final String NAME = "Postern platform CA";
    private static final KeyName WRAPPING = KeyName.wrapping("platform-ca");
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Kept(String certificate, String key) {
        @Override
        public String toString() {
            return "Kept[hidden]";
        }
    }

    private final DurableFile state;
    private final DurableFile published;
    private final KeyManagement kms;
    private final Clock clock;
    private final SecureRandom random;

    AuthorityStore(Path stateFile, Path publishedFile, KeyManagement kms, Clock clock, SecureRandom random) {
        this.state = new DurableFile(stateFile, DurableFile.Audience.OWNER);
        this.published = new DurableFile(publishedFile, DurableFile.Audience.EVERYBODY);
        this.kms = kms;
        this.clock = clock;
        this.random = random;
    }

    /// @throws AuthorityUnusable with one sentence
    InMemoryAuthority open(Duration lifetime) {
        try {
            InMemoryAuthority authority = Files.exists(state.path()) ? restore() : create(lifetime);
            publish(authority.certificate());
            return authority;
        } catch (IOException e) {
            throw new AuthorityUnusable("The CA state " + state.path() + " cannot be read or written.", e);
        }
    }

    private InMemoryAuthority create(Duration lifetime) throws IOException {
        if (Files.exists(published.path())) {
            throw new AuthorityUnusable("There is a CA certificate " + published.path() + " but no CA state "
                    + state.path() + ": restore the state, or delete the certificate to begin a new trust domain.");
        }
        KeyPair keys = newKeys();
        InMemoryAuthority authority = InMemoryAuthority.fresh(keys, NAME, lifetime, clock, random);
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        byte[] wrapped = kms.wrap(WRAPPING, pkcs8, context(authority.certificate()));
        Arrays.fill(pkcs8, (byte) 0);
        state.replace(JSON.writeValueAsBytes(new Kept(
                CertificatePem.encode(authority.certificate()),
                Base64.getEncoder().encodeToString(wrapped))));
        return authority;
    }

    private InMemoryAuthority restore() throws IOException {
        try {
            Kept kept = JSON.readValue(Files.readAllBytes(state.path()), Kept.class);
            X509Certificate certificate =
                    CertificatePem.certificates(kept.certificate()).getFirst();
            byte[] pkcs8 = kms.unwrap(WRAPPING, Base64.getDecoder().decode(kept.key()), context(certificate));
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Arrays.fill(pkcs8, (byte) 0);
            requireMatch(key, certificate);
            return InMemoryAuthority.holding(key, certificate, clock, random);
        } catch (JacksonException
                | GeneralSecurityException
                | KeyManagementException
                | IllegalArgumentException
                | NullPointerException e) {
            throw new AuthorityUnusable(
                    "The CA state " + state.path() + " does not open: it was altered, or the keyset is not the one that"
                            + " wrapped it; restore both from the same backup.",
                    e);
        }
    }

    private void publish(X509Certificate certificate) throws IOException {
        if (Files.exists(published.path())) {
            try {
                if (CertificatePem.certificates(Files.readString(published.path()))
                        .contains(certificate)) {
                    return;
                }
            } catch (CertificateException _) {
                // Not a certificate: replaced below.
            }
        }
        published.replace(CertificatePem.encode(certificate).getBytes(StandardCharsets.US_ASCII));
    }

    private KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private void requireMatch(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        byte[] probe = new byte[32];
        random.nextBytes(probe);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key, random);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("key and certificate do not match");
        }
    }

    private static byte[] context(X509Certificate certificate) {
        return ("platform-ca|" + CertificatePem.encode(certificate)).getBytes(StandardCharsets.US_ASCII);
    }
}
