package dev.postern.kms;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The certificate that Java's view of a PKCS#11 token demands beside each private key: X.509 version 1, signed by
/// that key, good for nothing but to carry the public key.
final class SelfSigned {
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x30, 0x0A, 0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02
    };
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;

    private SelfSigned() {}

    static X509Certificate of(KeyPair pair, String name, Provider provider) throws GeneralSecurityException {
        byte[] subject = der(
                SEQUENCE,
                der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)))));
        byte[] validity = der(SEQUENCE, time(Instant.EPOCH), time(Instant.parse("9999-12-31T23:59:59Z")));
        byte[] content = der(
                SEQUENCE,
                der(INTEGER, new byte[] {1}),
                ECDSA_WITH_SHA256,
                subject,
                validity,
                subject,
                pair.getPublic().getEncoded());
        Signature signer = Signature.getInstance("SHA256withECDSA", provider);
        signer.initSign(pair.getPrivate());
        signer.update(content);
        byte[] certificate = der(SEQUENCE, content, ECDSA_WITH_SHA256, der(BIT_STRING, new byte[] {0}, signer.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static byte[] time(Instant instant) {
        return der(GENERALIZED_TIME, GENERALIZED.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer encoded = ByteBuffer.allocate(length + 4).put((byte) tag);
        if (length < 0x80) {
            encoded.put((byte) length);
        } else if (length < 0x100) {
            encoded.put((byte) 0x81).put((byte) length);
        } else {
            encoded.put((byte) 0x82).putShort((short) length);
        }
        for (byte[] part : parts) {
            encoded.put(part);
        }
        byte[] exact = new byte[encoded.position()];
        encoded.flip().get(exact);
        return exact;
    }
}
