package dev.postern.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// A verified PKCS#10 request: whoever sent it holds the private key of [#publicKey]. The names are what it asks
/// for; the authority grants names of its own and uses these only to refuse a request for more.
public record SigningRequest(PublicKey publicKey, List<SubjectName> names) {
    private static final int P256_BITS = 256;
    private static final int LONGEST = 8 * 1024;

    /// Why a request is refused, each its own sentence.
    public static final class Refused extends Exception {
        Refused(String sentence) {
            super(sentence);
        }
    }

    public SigningRequest {
        names = List.copyOf(names);
    }

    /// Parses and checks form, proof of possession, and that the key is on P-256.
    public static SigningRequest parse(byte[] der) throws Refused {
        if (der.length > LONGEST) {
            throw new Refused("The certificate request is too long.");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
            PublicKey key = request.getPublicKey();
            if (!onP256(key)) {
                throw new Refused("The certificate request's key is not on P-256.");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new Refused("The certificate request is not signed by its own key.");
            }
            List<SubjectName> names = new ArrayList<>(SubjectName.common(request.getSubject()));
            for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
                Extensions extensions =
                        Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
                GeneralNames alternatives = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
                if (alternatives != null) {
                    names.addAll(SubjectName.alternatives(alternatives));
                }
            }
            return new SigningRequest(key, names);
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException
                | IllegalStateException
                | ClassCastException
                | IndexOutOfBoundsException _) {
            // Bouncy Castle answers broken ASN.1 with any of these.
            throw new Refused("The certificate request is not a PKCS#10 request.");
        }
    }

    private static boolean onP256(PublicKey key) {
        if (!(key instanceof ECPublicKey ec) || ec.getParams().getOrder().bitLength() != P256_BITS) {
            return false;
        }
        // Brainpool and secp256k1 have the same size: compare the group's order itself.
        return ec.getParams()
                .getOrder()
                .equals(ECNamedCurveTable.getByName("P-256").getN());
    }
}
