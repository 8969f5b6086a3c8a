package dev.postern.relay.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the model is and how long to wait for it.
///
/// @param url base URL of an OpenAI-compatible server, `/v1` included
/// @param keyFile a file whose first line is sent as bearer token
/// @param connectTimeout until the connection stands
/// @param responseTimeout from the request to the first byte of the answer's head
/// @param idleTimeout the longest silence inside an answer
/// @param modelsTtl how long a fetched model list is believed
@ConfigurationProperties("postern.upstream")
public record UpstreamProperties(
        @DefaultValue("http://127.0.0.1:8199/v1") URI url,
        @Nullable Path keyFile,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("30s") Duration idleTimeout,
        @DefaultValue("5s") Duration modelsTtl,
        @DefaultValue("1048576") int maxEventBytes,
        @DefaultValue("16777216") int maxDocumentBytes) {
    public UpstreamProperties {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("postern.upstream.url must be an absolute http(s) URL");
        }
        positive("connect-timeout", connectTimeout);
        positive("response-timeout", responseTimeout);
        positive("idle-timeout", idleTimeout);
        positive("models-ttl", modelsTtl);
        if (maxEventBytes < 1024 || maxDocumentBytes < maxEventBytes) {
            throw new IllegalArgumentException(
                    "postern.upstream.max-event-bytes must be at least 1024 and at most max-document-bytes");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("postern.upstream." + name + " must be positive");
        }
    }
}
