package dev.postern.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.X509CertUtils;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Decides whether a key configuration really is the expected relay's. The gateway that hands it on is not trusted
/// with it.
///
/// The client's clock may be off by [#CLOCK_TOLERANCE] either way. That is safe: the relay alone knows when its
/// keys are gone, and a configuration that outlived its keys leads to no session. Immutable; make a new one when
/// the anchors change.
public final class KeyConfigVerifier {
    /// How wrong a client's clock may be.
    public static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    private static final int MAX_LENGTH = 32 * 1024;
    private static final int MAX_CHAIN = 5;

    private final CertificateChains chains;
    private final URI expectedIdentity;
    private final String expectedAudience;
    private final Clock clock;

    /// @param anchors the certificates a relay's chain must end in
    /// @param expectedIdentity the relays' SPIFFE id, such as `spiffe://postern.local/service/inference-relay`
    /// @param expectedAudience the audience of their tokens
    public KeyConfigVerifier(
            Collection<X509Certificate> anchors, URI expectedIdentity, String expectedAudience, Clock clock) {
        this.chains = new CertificateChains(anchors);
        this.expectedIdentity = expectedIdentity;
        this.expectedAudience = expectedAudience;
        this.clock = clock;
    }

    /// The configuration in a compact JWS.
    ///
    /// @throws KeyConfigRejected when any part of it is not as expected
    public KeyConfig verify(String compact) throws KeyConfigRejected {
        if (compact.length() > MAX_LENGTH) {
            throw rejected(KeyConfigRejected.Reason.MALFORMED);
        }
        JWSObject jws = parse(compact);
        List<X509Certificate> chain = chain(jws.getHeader());
        Instant now = clock.instant();
        if (!chains.leadToAnchor(chain, now, CLOCK_TOLERANCE)) {
            throw rejected(KeyConfigRejected.Reason.UNTRUSTED_CHAIN);
        }
        X509Certificate leaf = chain.getFirst();
        if (!CertificateChains.identities(leaf).equals(Set.of(expectedIdentity.toString()))) {
            throw rejected(KeyConfigRejected.Reason.WRONG_IDENTITY);
        }
        if (!signedBy(jws, leaf)) {
            throw rejected(KeyConfigRejected.Reason.BAD_SIGNATURE);
        }
        KeyConfig config = content(jws);
        check(config, now);
        return config;
    }

    private void check(KeyConfig config, Instant now) throws KeyConfigRejected {
        String identity = expectedIdentity.toString();
        if (!config.relayId().equals(identity) && !config.relayId().startsWith(identity + "#")) {
            throw rejected(KeyConfigRejected.Reason.WRONG_IDENTITY);
        }
        if (!config.audience().equals(expectedAudience)) {
            throw rejected(KeyConfigRejected.Reason.WRONG_AUDIENCE);
        }
        if (now.plus(CLOCK_TOLERANCE).isBefore(config.notBefore())) {
            throw rejected(KeyConfigRejected.Reason.NOT_YET_VALID);
        }
        if (!now.minus(CLOCK_TOLERANCE).isBefore(config.expires())) {
            throw rejected(KeyConfigRejected.Reason.EXPIRED);
        }
    }

    private static JWSObject parse(String compact) throws KeyConfigRejected {
        try {
            JWSObject jws = JWSObject.parse(compact);
            JWSHeader header = jws.getHeader();
            if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())
                    || !KeyConfigSigner.TYPE.equals(header.getType())
                    || header.getCriticalParams() != null) {
                throw rejected(KeyConfigRejected.Reason.MALFORMED);
            }
            return jws;
        } catch (ParseException | IllegalArgumentException _) {
            throw rejected(KeyConfigRejected.Reason.MALFORMED);
        }
    }

    private static List<X509Certificate> chain(JWSHeader header) throws KeyConfigRejected {
        List<Base64> encoded = header.getX509CertChain();
        if (encoded == null || encoded.isEmpty() || encoded.size() > MAX_CHAIN) {
            throw rejected(KeyConfigRejected.Reason.MALFORMED);
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Base64 one : encoded) {
            X509Certificate certificate = X509CertUtils.parse(one.decode());
            if (certificate == null) {
                throw rejected(KeyConfigRejected.Reason.MALFORMED);
            }
            chain.add(certificate);
        }
        return chain;
    }

    private static boolean signedBy(JWSObject jws, X509Certificate leaf) {
        if (!(leaf.getPublicKey() instanceof ECPublicKey key)) {
            return false;
        }
        try {
            return jws.verify(new ECDSAVerifier(key));
        } catch (JOSEException _) {
            return false;
        }
    }

    private static KeyConfig content(JWSObject jws) throws KeyConfigRejected {
        try {
            return KeyConfig.parse(jws.getPayload().toBytes());
        } catch (MalformedContent _) {
            throw rejected(KeyConfigRejected.Reason.MALFORMED);
        }
    }

    private static KeyConfigRejected rejected(KeyConfigRejected.Reason reason) {
        return new KeyConfigRejected(reason);
    }
}
