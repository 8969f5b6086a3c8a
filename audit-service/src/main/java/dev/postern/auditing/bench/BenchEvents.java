package dev.postern.auditing.bench;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.envelope.EventEnvelope;
import java.time.Instant;
import java.util.Map;

/// The events that are measured with: requests of many clients, a token's issue before each tenth of them, spread over
/// a day. Event `i` is the same in every run.
final class BenchEvents {
    static final String ISSUED = "dev.postern.token.issued";
    static final String SERVED = "dev.postern.request.served";

    private static final String SOURCE = "spiffe://postern.local/service/inference-relay";
    private static final String SPOOL = "bench";
    private static final String ID = SPOOL + ".00000000.";
    private static final int PER_TOKEN = 10;
    private static final int KEYS = 40;
    private static final int CLIENTS = 500;
    private static final int TENANTS = 20;
    private static final int SUBJECTS = 5_000;

    private final Instant midnight;
    private final long dayMillis;
    private final long count;

    /// @param midnight  with which the day begins
    /// @param dayMillis over which the events are spread
    BenchEvents(Instant midnight, long dayMillis, long count) {
        this.midnight = midnight;
        this.dayMillis = dayMillis;
        this.count = count;
    }

    static String source() {
        return SOURCE;
    }

    static String id(long number) {
        return ID + number;
    }

    /// The event with a number, from 1 on.
    EventEnvelope event(long number) {
        String type = number % PER_TOKEN == 1 ? ISSUED : SERVED;
        return new EventEnvelope(
                SOURCE,
                SPOOL,
                id(number),
                number,
                type,
                time(number),
                Map.of(
                        "token_id", token(number),
                        "key_id", key(number),
                        "session_id", "session-" + number / PER_TOKEN,
                        "client_id", client(number),
                        "tenant", tenant(number),
                        "subject", "%016x".formatted(scattered(number / PER_TOKEN, SUBJECTS))));
    }

    Instant time(long number) {
        return midnight.plusMillis(number * dayMillis / (count + 1));
    }

    private static String token(long number) {
        return "token-" + (number - 1) / PER_TOKEN;
    }

    private static String key(long number) {
        return "key-" + scattered((number - 1) / PER_TOKEN, KEYS);
    }

    private static String client(long number) {
        return "client-" + scattered((number - 1) / PER_TOKEN + 7, CLIENTS);
    }

    private static String tenant(long number) {
        return "tenant-" + scattered((number - 1) / PER_TOKEN + 7, CLIENTS) % TENANTS;
    }

    /// As good as random, and the same in every run.
    private static long scattered(long number, int bound) {
        return Math.floorMod(((number + 1) * 0x9E3779B97F4A7C15L) >>> 20, bound);
    }

    static Term credentialOf(long number) {
        return new Term(EventQuery.CREDENTIAL, token(number));
    }

    static Term keyOf(long number) {
        return new Term(EventQuery.KEY, key(number));
    }

    static Term clientOf(long number) {
        return new Term(EventQuery.CLIENT, client(number));
    }

    static Term tenantOf(long number) {
        return new Term(EventQuery.TENANT, tenant(number));
    }

    static Term subjectOf(long number) {
        return new Term(EventQuery.SUBJECT, "%016x".formatted(scattered(number / PER_TOKEN, SUBJECTS)));
    }

    static Term sessionOf(long number) {
        return new Term(EventQuery.SESSION, "session-" + number / PER_TOKEN);
    }

    static Term type(String type) {
        return new Term(EventQuery.TYPE, type);
    }
}
