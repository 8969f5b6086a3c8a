package dev.postern.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Signs key configurations with a relay's identity: a compact ES256 JWS with the certificate chain in `x5c`.
/// Immutable; make a new one when the certificate is renewed (the payload, and with it `kcd`, stays what it was).
public final class KeyConfigSigner {
    static final JOSEObjectType TYPE = new JOSEObjectType("ssp1-kc+jwt");

    private final JWSHeader header;
    private final ECDSASigner signer;

    /// @param chain the leaf first; its key is P-256 and its URI SAN names the relay
    public KeyConfigSigner(PrivateKey privateKey, List<X509Certificate> chain) {
        List<Base64> x5c = new ArrayList<>();
        try {
            for (X509Certificate certificate : chain) {
                x5c.add(Base64.encode(certificate.getEncoded()));
            }
            this.signer = new ECDSASigner(privateKey, Curve.P_256);
        } catch (JOSEException | CertificateEncodingException e) {
            throw new IllegalArgumentException("a relay's identity is a P-256 key with its certificates", e);
        }
        this.header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .x509CertChain(x5c)
                .build();
    }

    /// The compact JWS over the configuration's exact payload.
    public String sign(KeyConfig config) {
        JWSObject jws = new JWSObject(header, new Payload(config.payload()));
        try {
            jws.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the identity key does not sign", e);
        }
        return jws.serialize();
    }
}
