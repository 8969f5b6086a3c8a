package dev.postern.rotation.authority;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the CA of `postern.ca.kind=local`: key wrapped by the key management and bound to its certificate, in one
/// wrapped set, so that the two never part; and the public certificate where everybody finds it. A start moves the key
/// to the newest version of what wraps it.
///
/// Guarantee: a CA is made only where there never was one. A state that was lost or altered stops the start with
/// one sentence: a new CA in place of the old one would silently begin a new trust domain. Of two replicas that make
/// one at once, one stops.
final class AuthorityStore implements Wrapped {
    private static final String NAME = "Postern platform CA";
    private static final String SET = "platform-ca";
    private static final KeyName WRAPPING = KeyName.wrapping("platform-ca");
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Kept(String certificate, String key) {
        @Override
        public String toString() {
            return "Kept[hidden]";
        }
    }

    private final WrappedSets sets;
    private final PublishedAnchor published;
    private final KeyManagement kms;
    private final Clock clock;
    private final SecureRandom random;

    AuthorityStore(WrappedSets sets, PublishedAnchor published, KeyManagement kms, Clock clock, SecureRandom random) {
        this.sets = sets;
        this.published = published;
        this.kms = kms;
        this.clock = clock;
        this.random = random;
    }

    /// @throws AuthorityUnusable with one sentence
    InMemoryAuthority open(Duration lifetime) {
        Optional<byte[]> kept = sets.read(SET);
        InMemoryAuthority authority = kept.isPresent() ? restore(kept.get()) : create(lifetime);
        published.publish(authority.certificate());
        return authority;
    }

    private InMemoryAuthority create(Duration lifetime) {
        if (published.exists()) {
            throw new AuthorityUnusable(
                    "There is a CA certificate " + published + " but no CA state in " + sets.placeOf(SET)
                            + ": restore the state, or delete the certificate to begin a new trust domain.");
        }
        KeyPair keys = newKeys();
        InMemoryAuthority authority = InMemoryAuthority.fresh(keys, NAME, lifetime, clock, random);
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        byte[] wrapped = kms.wrap(WRAPPING, pkcs8, context(authority.certificate()));
        Arrays.fill(pkcs8, (byte) 0);
        if (!sets.replace(SET, null, state(authority.certificate(), wrapped))) {
            throw new AuthorityUnusable(
                    "Another process made the CA in " + sets.placeOf(SET) + " just now: start again.");
        }
        return authority;
    }

    private static byte[] state(X509Certificate certificate, byte[] wrapped) {
        return JSON.writeValueAsBytes(
                new Kept(CertificatePem.encode(certificate), Base64.getEncoder().encodeToString(wrapped)));
    }

    private InMemoryAuthority restore(byte[] state) {
        try {
            Kept kept = JSON.readValue(state, Kept.class);
            X509Certificate certificate =
                    CertificatePem.certificates(kept.certificate()).getFirst();
            byte[] wrapped = Base64.getDecoder().decode(kept.key());
            byte[] pkcs8 = kms.unwrap(WRAPPING, wrapped, context(certificate));
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Arrays.fill(pkcs8, (byte) 0);
            requireMatch(key, certificate);
            var _ = renew(state, certificate, wrapped);
            return InMemoryAuthority.holding(key, certificate, clock, random);
        } catch (KeyManagementException e) {
            if (e.reason().passing()) {
                throw e;
            }
            throw damaged(e);
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
            throw damaged(e);
        }
    }

    @Override
    public KeyName wrapping() {
        return WRAPPING;
    }

    @Override
    public int renew() {
        Optional<byte[]> state = sets.read(SET);
        if (state.isEmpty()) {
            return 0;
        }
        try {
            Kept kept = JSON.readValue(state.get(), Kept.class);
            X509Certificate certificate =
                    CertificatePem.certificates(kept.certificate()).getFirst();
            return renew(state.get(), certificate, Base64.getDecoder().decode(kept.key())) ? 1 : 0;
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
            throw damaged(e);
        }
    }

    /// Another replica that did the same first is as good.
    private boolean renew(byte[] state, X509Certificate certificate, byte[] wrapped) {
        Optional<byte[]> renewed = kms.renewed(WRAPPING, wrapped, context(certificate));
        return renewed.isPresent() && sets.replace(SET, state, state(certificate, renewed.get()));
    }

    private AuthorityUnusable damaged(Exception cause) {
        return new AuthorityUnusable(
                "The CA state in " + sets.placeOf(SET)
                        + " does not open: it was altered, or the key management is not the"
                        + " one that wrapped it; restore both from the same backup.",
                cause);
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
