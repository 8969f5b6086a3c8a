package dev.postern.gateway.cors;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which pages of other origins may call the API from a browser (the CORS protocol, WHATWG Fetch).
///
/// @param allowedOrigins `https://host[:port]`, `http://localhost[:port]`, or `*` for any; none by default
/// @param allowedHeaders further request headers than those that the API and OpenAI's clients use
/// @param allowCredentials whether browsers may send cookies and TLS client certificates along: only certificate-bound
///     tokens need it, and never together with `*`
/// @param maxAge how long a browser may remember a preflight's answer
@ConfigurationProperties("postern.gateway.cors")
public record CorsProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue List<String> allowedHeaders,
        @DefaultValue("false") boolean allowCredentials,
        @DefaultValue("10m") Duration maxAge) {
    static final String ANY = "*";

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public CorsProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedHeaders = List.copyOf(allowedHeaders);
        if (!allowedOrigins.stream().allMatch(origin -> origin.equals(ANY) || isOrigin(origin))) {
            throw new IllegalArgumentException(
                    "postern.gateway.cors.allowed-origins are https://host[:port], http://localhost[:port] or *");
        }
        if (allowCredentials && allowedOrigins.contains(ANY)) {
            throw new IllegalArgumentException(
                    "postern.gateway.cors.allow-credentials does not go with allowed-origins *: name the origins");
        }
        if (!allowedHeaders.stream().allMatch(HEADER.asMatchPredicate())) {
            throw new IllegalArgumentException("postern.gateway.cors.allowed-headers are names of headers");
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("postern.gateway.cors.max-age must not be negative");
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            boolean safe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && "localhost".equals(uri.getHost()));
            return safe
                    && uri.getHost() != null
                    && text.equals(
                            uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
