package dev.postern.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A key with its certificate: an anchor, or a relay that an anchor vouches for.
record TestIdentity(KeyPair keys, X509Certificate certificate) {
    static final Duration LIFETIME = Duration.ofHours(24);

    static KeyPair p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestIdentity anchor(Instant from) {
        KeyPair keys = p256();
        return certify(keys, keys, "CN=anchor", "CN=anchor", List.of(), from);
    }

    TestIdentity issue(Instant from, String... uris) {
        return certify(p256(), keys, "CN=anchor", "CN=relay", List.of(uris), from);
    }

    private static TestIdentity certify(
            KeyPair subject, KeyPair issuer, String issuerName, String subjectName, List<String> uris, Instant from) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuerName),
                    BigInteger.valueOf(System.identityHashCode(subject) + 1L),
                    Date.from(from),
                    Date.from(from.plus(LIFETIME)),
                    new X500Name(subjectName),
                    subject.getPublic());
            boolean authority = uris.isEmpty() && issuerName.equals(subjectName);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!uris.isEmpty()) {
                GeneralName[] names = uris.stream()
                        .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate());
            return new TestIdentity(subject, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
        } catch (CertIOException e) {
            throw new UncheckedIOException(new IOException(e));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyConfigSigner signer() {
        return new KeyConfigSigner(keys.getPrivate(), List.of(certificate));
    }
}
