package dev.postern.sts.clientauth;

import dev.postern.sts.refusal.Refusal;
import dev.postern.token.IpRange;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/// What is known of a connection, from the connection alone: nothing in a header counts.
///
/// @param chain the client's certificate and what it sent with it, leaf first; empty without one. TLS proved that the
///     client holds the leaf's key, and nothing else: whoever relies on a name in it validates the chain
public record Connection(InetAddress address, List<X509Certificate> chain) {

    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    public Connection {
        chain = List.copyOf(chain);
    }

    /// The connection of a request.
    ///
    /// @throws dev.postern.sts.refusal.Refused when it does not say where it comes from
    public static Connection of(HttpServletRequest request) {
        List<X509Certificate> chain = request.getAttribute(CERTIFICATES) instanceof X509Certificate[] certificates
                ? List.of(certificates)
                : List.of();
        return new Connection(address(request.getRemoteAddr()), chain);
    }

    private static InetAddress address(String text) {
        // A link-local address names one of our own interfaces behind it.
        int zone = text.indexOf('%');
        try {
            return IpRange.literal(zone < 0 ? text : text.substring(0, zone));
        } catch (IllegalArgumentException _) {
            throw Refusal.INVALID_REQUEST.because("client-address");
        }
    }
}
