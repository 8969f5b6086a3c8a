package dev.postern.relay.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the model is and how long to wait for it.
///
/// @param url base URL of an OpenAI-compatible server, `/v1` included
/// @param keyFile a file whose first line is sent as bearer token
/// @param connectTimeout until the connection stands
/// @param responseTimeout from the request to the first byte of the answer's head
/// @param patience a wait for the head that the client's deadline ends before this speaks against the client, not the
/// server
/// @param idleTimeout the longest silence inside an answer
/// @param modelsTtl how long a fetched model list is believed
/// @param name of the server, in metrics and audit events
/// @param fallbacks asked in this order when the server cannot serve a request
@ConfigurationProperties("postern.upstream")
public record UpstreamProperties(
        @DefaultValue("http://127.0.0.1:8199/v1") URI url,
        @Nullable Path keyFile,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("5s") Duration patience,
        @DefaultValue("30s") Duration idleTimeout,
        @DefaultValue("5s") Duration modelsTtl,
        @DefaultValue("1048576") int maxEventBytes,
        @DefaultValue("16777216") int maxDocumentBytes,
        @DefaultValue("primary") String name,
        @DefaultValue List<Endpoint> fallbacks) {
    /// One OpenAI-compatible server.
    ///
    /// @param name 1 to 32 of `a-z`, `0-9` and `-`
    /// @param url its base URL, `/v1` included
    /// @param keyFile a file whose first line is sent to it as bearer token
    /// @param models its names of models, by the names that clients use. When there are any, it is asked for these
    ///     models only; when there are none, it is asked for every model, by the client's name.
    public record Endpoint(
            String name,
            URI url,
            @Nullable Path keyFile,
            @DefaultValue Map<String, String> models) {
        private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

        public Endpoint {
            String scheme = url.getScheme();
            if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
                throw new IllegalArgumentException("each url of postern.upstream must be an absolute http(s) URL");
            }
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("each name of postern.upstream must be 1 to 32 of a-z, 0-9 and -");
            }
            models = Map.copyOf(models);
        }
    }

    public UpstreamProperties {
        fallbacks = List.copyOf(fallbacks);
        Set<String> names = new HashSet<>(Set.of(name));
        if (!fallbacks.stream().allMatch(fallback -> names.add(fallback.name()))) {
            throw new IllegalArgumentException("the names of postern.upstream must differ");
        }
        positive("connect-timeout", connectTimeout);
        positive("response-timeout", responseTimeout);
        positive("patience", patience);
        positive("idle-timeout", idleTimeout);
        positive("models-ttl", modelsTtl);
        if (maxEventBytes < 1024 || maxDocumentBytes < maxEventBytes) {
            throw new IllegalArgumentException(
                    "postern.upstream.max-event-bytes must be at least 1024 and at most max-document-bytes");
        }
        var _ = new Endpoint(name, url, keyFile, Map.of());
    }

    /// The server and its fallbacks, in order.
    List<Endpoint> endpoints() {
        return Stream.concat(Stream.of(new Endpoint(name, url, keyFile, Map.of())), fallbacks.stream())
                .toList();
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("postern.upstream." + name + " must be positive");
        }
    }
}
