package dev.postern.gateway.live;

import dev.postern.redis.RedisLink;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What this replica serves, for the administrators' list of sessions: `postern:sessions:<replica>`, written each
/// second and gone a few seconds after the replica is.
///
/// It says who and what, never with what text. While Redis is away, nobody sees it and nothing is kept for later.
final class LiveList {
    /// More are not listed; their number is in the metrics.
    static final int MOST = 2_048;

    private static final Duration LIFE = Duration.ofSeconds(5);
    private static final JsonFactory JSON = JsonFactory.builder().build();

    private final RedisLink redis;
    private final String replica;

    LiveList(RedisLink redis, String replica) {
        this.redis = redis;
        this.replica = replica;
    }

    void write(Collection<LiveRequest> all) {
        redis.connection().filter(StatefulRedisConnection::isOpen).ifPresent(open -> {
            var _ = open.async().set("postern:sessions:" + replica, json(all), SetArgs.Builder.px(LIFE));
        });
    }

    String json(Collection<LiveRequest> all) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            all.stream().limit(MOST).forEach(request -> {
                json.writeStartObject();
                json.writeStringProperty("sid", request.token().sessionId());
                json.writeStringProperty("client", request.token().clientId());
                json.writeStringProperty("tenant", request.token().tenant());
                json.writeStringProperty("subject", request.token().subject());
                json.writeStringProperty("token_id", request.token().tokenId());
                json.writeStringProperty("key_id", request.token().keyId());
                json.writeStringProperty("kind", request.serving().kind().wireName());
                json.writeStringProperty("operation", request.serving().operation());
                json.writeStringProperty("started", request.started().toString());
                json.writeStringProperty("replica", replica);
                json.writeEndObject();
            });
            json.writeEndArray();
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
