package dev.postern.cli.bench.ingest;

import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/// Batches of events of one producer, numbered from 1, each of exactly [#EVENT_BYTES]. For one thread.
final class Batches {
    static final int EVENT_BYTES = 1024;

    /// The sequence and the end of the id: the only parts in which the events differ.
    private static final String FIRST = "0000000000000001";

    private static final String RUN_AND_NUMBER = "#".repeat(FIRST.length() + 1);

    private static final int LONGEST_TEXT = 256;

    private final String template;
    private long sequence = 1;

    Batches(String source, String spool, Instant time) {
        int missing = EVENT_BYTES - bytes(source, spool, time, "", "", "").length();
        String action = "a".repeat(Math.min(LONGEST_TEXT, missing));
        String resource = "r".repeat(Math.min(LONGEST_TEXT, missing - action.length()));
        String id = "i".repeat(missing - action.length() - resource.length());
        this.template = bytes(source, spool, time, action, resource, id);
    }

    private static String bytes(String source, String spool, Instant time, String action, String resource, String id) {
        Map<String, String> data = Map.of("actor", source, "action", action, "resource", resource, "resource_id", id);
        try {
            return new String(
                    new EventEnvelope(
                                    source,
                                    spool,
                                    spool + "." + RUN_AND_NUMBER,
                                    1,
                                    "dev.postern.admin.changed",
                                    time,
                                    data)
                            .bytes(),
                    StandardCharsets.US_ASCII);
        } catch (NotCanonical e) {
            throw new IllegalStateException("an event of short texts has a canonical form", e);
        }
    }

    /// The next events as a CloudEvents batch.
    String next(int count) {
        StringBuilder batch = new StringBuilder(count * (EVENT_BYTES + 1) + 1);
        for (int i = 0; i < count; i++) {
            String number = Long.toString(sequence);
            String run = "0".repeat(FIRST.length() - number.length());
            batch.append(i == 0 ? '[' : ',')
                    .append(template.replace(FIRST, run + number).replace(RUN_AND_NUMBER, run + "." + number));
            sequence++;
        }
        return batch.append(']').toString();
    }
}
