package dev.postern.relay.session;

import dev.postern.redis.RedisLink;
import dev.postern.relay.request.Caller;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.StringWriter;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Tells the security team which sealed sessions live here: a list in Redis, new each second and gone five seconds
/// after its replica. Ids only. When Redis is away nobody is told, and nothing else happens.
///
/// Non-guarantee: completeness; beyond [#MOST] sessions the list is cut.
public final class SessionListing {
    static final int MOST = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(SessionListing.class);
    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final Duration LIFE = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final RedisLink redis;
    private final String replica = "inference-relay-" + UUID.randomUUID();

    private SessionListing(Sessions sessions, RedisLink redis) {
        this.sessions = sessions;
        this.redis = redis;
    }

    public static SessionListing start(Sessions sessions, RedisLink redis, ScheduledExecutorService scheduler) {
        SessionListing listing = new SessionListing(sessions, redis);
        var _ = scheduler.scheduleWithFixedDelay(listing::tell, 1, 1, TimeUnit.SECONDS);
        return listing;
    }

    /// The key it is told under.
    public String key() {
        return "postern:sessions:" + replica;
    }

    private void tell() {
        try {
            redis.connection().filter(StatefulRedisConnection::isOpen).ifPresent(open -> {
                var _ = open.async().set(key(), json(), SetArgs.Builder.px(LIFE));
            });
        } catch (RuntimeException e) {
            LOG.debug("the live sessions were not told", e);
        }
    }

    private String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            sessions.live().limit(MOST).forEach(session -> write(json, session));
            json.writeEndArray();
        }
        return out.toString();
    }

    private void write(JsonGenerator json, RelaySession session) {
        Caller self = session.self();
        json.writeStartObject();
        json.writeStringProperty("sid", self.sessionId());
        json.writeStringProperty("client", self.clientId());
        json.writeStringProperty("tenant", self.tenant());
        json.writeStringProperty("subject", self.subject());
        json.writeStringProperty("token_id", self.tokenId());
        json.writeStringProperty("key_id", self.keyId());
        json.writeStringProperty("kind", "sealed");
        json.writeStringProperty("operation", "ssp1");
        json.writeStringProperty("started", session.begun().toString());
        json.writeStringProperty("replica", replica);
        json.writeEndObject();
    }
}
