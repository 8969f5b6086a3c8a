package dev.postern.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PEM (RFC 7468) of certificates and certificate requests. Public data only: no private key has a form here.
public final class CertificatePem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern CERTIFICATE = block("CERTIFICATE");
    private static final Pattern REQUEST = block("CERTIFICATE REQUEST");

    private CertificatePem() {}

    public static String encode(X509Certificate certificate) {
        return wrap("CERTIFICATE", der(certificate));
    }

    public static List<String> encode(List<X509Certificate> certificates) {
        return certificates.stream().map(CertificatePem::encode).toList();
    }

    public static String encodeRequest(byte[] csrDer) {
        return wrap("CERTIFICATE REQUEST", csrDer);
    }

    /// All certificates in a text, in order.
    ///
    /// @throws CertificateException if there is none or one is broken
    public static List<X509Certificate> certificates(String pem) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = CERTIFICATE.matcher(pem);
        while (blocks.find()) {
            found.add(certificate(body(blocks.group(1))));
        }
        if (found.isEmpty()) {
            throw new CertificateException("no PEM certificate found");
        }
        return List.copyOf(found);
    }

    /// The DER of the one request in a text.
    ///
    /// @throws CertificateException if there is not exactly one
    public static byte[] request(String pem) throws CertificateException {
        Matcher blocks = REQUEST.matcher(pem);
        if (!blocks.find()) {
            throw new CertificateException("no PEM certificate request found");
        }
        byte[] der = body(blocks.group(1));
        if (blocks.find()) {
            throw new CertificateException("more than one PEM certificate request found");
        }
        return der;
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate encodes", e);
        }
    }

    static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static byte[] body(String base64) throws CertificateException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new CertificateException("broken base64 in PEM", e);
        }
    }

    private static String wrap(String label, byte[] der) {
        String base64 = new String(LINES.encode(der), StandardCharsets.US_ASCII);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static Pattern block(String label) {
        return Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----");
    }
}
