package dev.postern.gateway.tls;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;

/// The other end of a request's connection. Nothing in a header has a say in it.
///
/// @param address of the connection
/// @param certificateThumbprint RFC 8705 `x5t#S256` of the certificate whose key the other end proved to hold; none
///     when it has expired since
public record ClientEnd(Optional<InetAddress> address, Optional<String> certificateThumbprint) {

    public static ClientEnd of(ServerHttpRequest request, Clock clock) {
        return new ClientEnd(
                Optional.ofNullable(request.getRemoteAddress()).map(InetSocketAddress::getAddress),
                certificate(request)
                        .filter(certificate -> inTime(certificate, clock.instant()))
                        .map(ClientEnd::thumbprint));
    }

    /// Of the TLS session: a resumed one has the certificate of the handshake it goes back to.
    private static Optional<X509Certificate> certificate(ServerHttpRequest request) {
        SslInfo tls = request.getSslInfo();
        X509Certificate[] chain = tls == null ? null : tls.getPeerCertificates();
        return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
    }

    private static boolean inTime(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /// Base64url of the SHA-256 of the certificate.
    static String thumbprint(X509Certificate certificate) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a certificate that came over TLS can be encoded, and SHA-256 is there", e);
        }
    }
}
