package dev.postern.gateway.access;

import java.net.URI;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where the edge is, for clients.
///
/// @param publicUrl scheme, host and port under which clients reach the API; proofs are made for it (`htu`), and no
///     header of a request changes it
@ConfigurationProperties("postern.gateway")
public record AccessProperties(URI publicUrl) {
    public AccessProperties {
        if (!"https".equals(publicUrl.getScheme())
                || publicUrl.getHost() == null
                || publicUrl.getUserInfo() != null
                || publicUrl.getQuery() != null
                || publicUrl.getFragment() != null
                || !(publicUrl.getPath().isEmpty() || publicUrl.getPath().equals("/"))) {
            throw new IllegalArgumentException(
                    "postern.gateway.public-url must be https://host[:port] and nothing else");
        }
    }

    /// As clients spell it in `htu`: lower case, no default port, no path.
    String origin() {
        int port = publicUrl.getPort();
        return "https://" + publicUrl.getHost().toLowerCase(Locale.ROOT) + (port < 0 || port == 443 ? "" : ":" + port);
    }
}
