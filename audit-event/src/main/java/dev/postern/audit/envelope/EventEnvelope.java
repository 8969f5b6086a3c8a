package dev.postern.audit.envelope;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/// One event as CloudEvents 1.0 (structured JSON mode).
///
/// `source` and `id` together name the event for ever. `spool` and `sequence` are extension attributes: a producer
/// numbers the events of one spool 1, 2, 3, …, so a hole in the numbers proves that something is missing. On the wire
/// `sequence` is a string of 16 digits, as the CloudEvents sequence extension asks for a text that sorts like the
/// number.
///
/// @param source    SPIFFE id of the producer
/// @param spool     identifier of the spool that numbered the event; a new one when a producer lost its disk
/// @param sequence  from 1, without holes within one spool
/// @param time      when it happened, to the millisecond
/// @param data      the event's fields
public record EventEnvelope(
        String source, String spool, String id, long sequence, String type, Instant time, Map<String, ?> data) {

    static final String SPEC_VERSION = "1.0";
    static final String CONTENT_TYPE = "application/json";

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    public EventEnvelope {
        if (sequence < 1 || sequence > CanonicalJson.MAX_INTEGER) {
            throw new IllegalArgumentException("sequence numbers start at 1");
        }
    }

    /// Whether the identifier is `<spool>.<run>.<sequence>`, so that two events with one identifier have one number.
    public boolean numbered() {
        return spool.indexOf('.') < 0 && id.startsWith(spool + ".") && id.endsWith("." + sequence);
    }

    /// RFC 3339 in UTC with exactly three digits of fraction.
    public static String timestamp(Instant time) {
        return MILLIS.format(time);
    }

    static String sequenceText(long sequence) {
        return String.format("%016d", sequence);
    }

    /// The canonical bytes: what is spooled, sent, hashed and logged.
    public byte[] bytes() throws NotCanonical {
        return CanonicalJson.bytes(attributes());
    }

    /// The CloudEvents attributes, whose canonical form [#bytes] is.
    public Map<String, Object> attributes() {
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("specversion", SPEC_VERSION);
        attributes.put("datacontenttype", CONTENT_TYPE);
        attributes.put("source", source);
        attributes.put("spool", spool);
        attributes.put("id", id);
        attributes.put("sequence", sequenceText(sequence));
        attributes.put("type", type);
        attributes.put("time", timestamp(time));
        attributes.put("data", data);
        return attributes;
    }
}
