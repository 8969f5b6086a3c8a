package dev.postern.trust;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A feed as it lies in Redis: names and atomic steps. Nothing read from here is believed without its signature.
final class FeedRedis {
    /// The one field of a stream entry: the signed message.
    static final String FIELD = "m";

    /// Appends one entry, if the feed still ends where the writer believes it does; so that of replicas that race for
    /// the next number, one gets it.
    ///
    /// `KEYS`: stream, head, snapshot (one hash tag). `ARGV`: 1 the head the writer saw, `""` for none; 2 the
    /// position of the entry, which is the new head and the id of the entry; 3 the entry; 4 about how many entries
    /// stay; 5 the snapshot that begins a new generation, or `""`. Answers `{1, new head}`; or `{0, head that is
    /// there}`, with nothing written.
    private static final String APPEND = """
            local head = redis.call('GET', KEYS[2]) or ''
            if head ~= ARGV[1] then return {'0', head} end
            -- A new generation: what is left of the one before is of no use, and its ids might stand in the way.
            if ARGV[5] ~= '' then
              redis.call('DEL', KEYS[1])
              redis.call('SET', KEYS[3], ARGV[5])
            end
            redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], ARGV[2], 'm', ARGV[3])
            redis.call('SET', KEYS[2], ARGV[2])
            return {'1', ARGV[2]}
            """;

    /// Takes or keeps the right to tick, and tells the head.
    ///
    /// `KEYS`: lease, head. `ARGV`: 1 who asks; 2 for how many milliseconds. Answers `{1 or 0, head or ""}`.
    private static final String LEAD = """
            local holder = redis.call('GET', KEYS[1])
            local leads = '0'
            if not holder or holder == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
              leads = '1'
            end
            return {leads, redis.call('GET', KEYS[2]) or ''}
            """;

    private final String stream;
    private final String head;
    private final String snapshot;
    private final String lease;

    FeedRedis(URI publisher) {
        String path = publisher.getPath();
        String tag = "postern:trust:{" + path.substring(path.lastIndexOf('/') + 1) + "}:";
        this.stream = tag + "stream";
        this.head = tag + "head";
        this.snapshot = tag + "snapshot";
        this.lease = tag + "lease";
    }

    /// What a step answered: whether it was done, and where the feed ends now.
    record Answer(boolean done, String head) {
        private static Answer of(List<Object> reply) {
            return new Answer("1".equals(reply.getFirst()), String.valueOf(reply.get(1)));
        }

        Optional<FeedPosition> position() {
            return FeedPosition.parse(head);
        }
    }

    CompletionStage<Answer> append(
            StatefulRedisConnection<String, String> redis,
            String seenHead,
            FeedPosition position,
            String entry,
            int length,
            String firstSnapshot) {
        RedisAsyncCommands<String, String> commands = redis.async();
        return commands.<List<Object>>eval(
                        APPEND,
                        ScriptOutputType.MULTI,
                        new String[] {stream, head, snapshot},
                        seenHead,
                        position.toString(),
                        entry,
                        Integer.toString(length),
                        firstSnapshot)
                .thenApply(Answer::of);
    }

    CompletionStage<Answer> lead(StatefulRedisConnection<String, String> redis, String who, Duration time) {
        return redis.async()
                .<List<Object>>eval(
                        LEAD, ScriptOutputType.MULTI, new String[] {lease, head}, who, Long.toString(time.toMillis()))
                .thenApply(Answer::of);
    }

    CompletionStage<String> putSnapshot(StatefulRedisConnection<String, String> redis, String signed) {
        return redis.async().set(snapshot, signed);
    }

    CompletionStage<String> getSnapshot(StatefulRedisConnection<String, String> redis) {
        return redis.async().get(snapshot);
    }

    String stream() {
        return stream;
    }
}
