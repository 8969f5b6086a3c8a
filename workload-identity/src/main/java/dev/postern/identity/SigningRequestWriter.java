package dev.postern.identity;

import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// Writes the PKCS#10 request for a new key. The subject stays empty: names live in the alternative names (RFC
/// 6125).
final class SigningRequestWriter {
    private SigningRequestWriter() {}

    static byte[] write(KeyPair keys, URI spiffeId, List<String> hosts) {
        GeneralName[] names = Stream.concat(
                        Stream.of(new SubjectName(SubjectName.Kind.URI, spiffeId.toString())),
                        hosts.stream().map(SubjectName::host))
                .map(SubjectName::toGeneralName)
                .toArray(GeneralName[]::new);
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(names));
            return new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request for a fresh P-256 key can be signed", e);
        }
    }
}
