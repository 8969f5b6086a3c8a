package dev.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64;
import dev.postern.identity.PeerIdentity;
import dev.postern.token.TokenRejected.Reason;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A compact JWS signed with a service's own certificate key, the chain in `x5c`: the key directory, key configs,
/// the trust feed. Whoever reads many of one signer uses [IdentityVerifier].
public final class IdentityJws {

    private static final int MAX_CHAIN = 4;

    private IdentityJws() {}

    /// The payload, once the chain leads to one of `anchors`, its leaf is `signer` (the only SPIFFE URI in it) and its
    /// key made the signature.
    ///
    /// @param maxLength of the compact form, in characters
    /// @throws TokenRejected [Reason#UNKNOWN_KEY] if the chain does not hold or names somebody else
    public static byte[] verify(
            String compact, String type, URI signer, Collection<X509Certificate> anchors, Clock clock, int maxLength)
            throws TokenRejected {
        CompactJws jws = CompactJws.parse(compact, maxLength).requireType(type);
        jws.verify(keyOf(chain(jws.header()), signer, anchors, clock));
        return jws.payloadBytes();
    }

    /// The leaf's key, once the chain leads to an anchor and its leaf is `signer`.
    static ECPublicKey keyOf(List<X509Certificate> chain, URI signer, Collection<X509Certificate> anchors, Clock clock)
            throws TokenRejected {
        if (!isIdentity(chain.getFirst(), signer)
                || !leadsToAnchor(chain, anchors, clock)
                || !(chain.getFirst().getPublicKey() instanceof ECPublicKey key)) {
            throw new TokenRejected(Reason.UNKNOWN_KEY);
        }
        return key;
    }

    /// The compact form, with the chain in `x5c`.
    ///
    /// @param chain leaf first
    public static String sign(String type, byte[] payload, PrivateKey key, List<X509Certificate> chain) {
        try {
            List<Base64> x5c = new ArrayList<>();
            for (X509Certificate certificate : chain) {
                x5c.add(Base64.encode(certificate.getEncoded()));
            }
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType(type))
                            .x509CertChain(x5c)
                            .build(),
                    new Payload(payload));
            jws.sign(new ECDSASigner(key, Curve.P_256));
            return jws.serialize();
        } catch (JOSEException | CertificateEncodingException e) {
            throw new IllegalStateException("an identity is a P-256 key with encodable certificates", e);
        }
    }

    static boolean isIdentity(X509Certificate leaf, URI identity) {
        return PeerIdentity.of(leaf).filter(identity::equals).isPresent();
    }

    private static boolean leadsToAnchor(
            List<X509Certificate> chain, Collection<X509Certificate> anchors, Clock clock) {
        if (anchors.contains(chain.getFirst())) {
            return false; // an authority is not a service
        }
        try {
            Set<TrustAnchor> trusted = anchors.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toUnmodifiableSet());
            PKIXParameters parameters = new PKIXParameters(trusted);
            parameters.setRevocationEnabled(false); // identities live hours and are not on revocation lists
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(chain.stream()
                                            .filter(certificate -> !anchors.contains(certificate))
                                            .toList()),
                            parameters);
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    static List<X509Certificate> chain(Claims header) throws TokenRejected {
        JsonNode x5c = header.object().path("x5c");
        if (!x5c.isArray() || x5c.isEmpty() || x5c.size() > MAX_CHAIN) {
            throw new TokenRejected(Reason.UNKNOWN_KEY);
        }
        try {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            List<X509Certificate> chain = new ArrayList<>();
            for (JsonNode element : x5c) {
                byte[] der = java.util.Base64.getDecoder().decode(element.stringValue(""));
                chain.add((X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(der)));
            }
            return chain;
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }
}
