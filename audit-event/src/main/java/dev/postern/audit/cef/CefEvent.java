package dev.postern.audit.cef;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.ocsf.OcsfEvent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// An event in the Common Event Format, version 0 (ArcSight, "Implementing CEF", revision 25): one line that is never
/// longer than [#LONGEST], of printable ASCII.
///
/// `CEF:0|Postern|audit|<version>|<event type>|<OCSF class>: <activity>|<severity>|<extension>`
///
/// Guarantee: a function of the event and its place alone; no person's name and no text that a person wrote is in it
/// ([CefFields]). A value is cut, ending in `~`, and what does not fit is left out and told of by `PosternCut=true`;
/// the place in the log is never left out, so that everything can be looked up.
public final class CefEvent {
    /// Octets of a line.
    public static final int LONGEST = 7_680;

    private static final int LONGEST_VALUE = 1_023;
    private static final int LONGEST_HEADER = 128;
    private static final String VENDOR = "Postern";
    private static final String PRODUCT = "audit";
    private static final String PREFIX = "Postern";
    private static final String WORKLOAD = "spiffe://";
    private static final String CUT = " PosternCut=true";
    private static final int HASH_OCTETS = 8;
    private static final Map<Integer, Integer> SEVERITIES = Map.of(1, 3, 2, 5, 4, 8);

    private final String line;
    private final int ocsfSeverity;

    private CefEvent(String line, int ocsfSeverity) {
        this.line = line;
        this.ocsfSeverity = ocsfSeverity;
    }

    /// Renders an event.
    ///
    /// @param shard    of its place in the log
    /// @param index    in the shard
    /// @param version  of the product
    public static CefEvent of(EventEnvelope event, String shard, long index, String version) {
        Map<String, Object> ocsf = OcsfEvent.of(event);
        int severity = ocsf.get("severity_id") instanceof Integer number ? number : 1;
        String name = ocsf.get("class_name") + ": " + ocsf.get("activity_name");
        StringBuilder line = new StringBuilder("CEF:0");
        for (String part : List.of(
                VENDOR,
                PRODUCT,
                version,
                event.type(),
                name,
                SEVERITIES.getOrDefault(severity, 3).toString())) {
            line.append('|').append(header(part));
        }
        line.append('|');
        boolean first = true;
        for (Map.Entry<String, String> field :
                extension(event, ocsf, shard, index).entrySet()) {
            String pair = (first ? "" : " ") + field.getKey() + "=" + field.getValue();
            first = false;
            if (line.length() + pair.length() + CUT.length() > LONGEST) {
                line.append(CUT);
                break;
            }
            line.append(pair);
        }
        return new CefEvent(line.toString(), severity);
    }

    /// Names of the standard's own come before those of events, and in it the place in the log.
    private static Map<String, String> extension(
            EventEnvelope event, Map<String, Object> ocsf, String shard, long index) {
        Map<String, String> standard = new LinkedHashMap<>();
        standard.put("rt", Long.toString(event.time().toEpochMilli()));
        standard.put("externalId", value(event.id()));
        standard.put("cs1Label", "logPlace");
        standard.put("cs1", value(shard + ":" + index));
        standard.put("cat", value(String.valueOf(ocsf.get("class_uid"))));
        standard.put("outcome", Integer.valueOf(1).equals(ocsf.get("status_id")) ? "success" : "failure");
        standard.put("sourceServiceName", value(event.source()));
        if (event.data().get("count") instanceof Number count) {
            standard.put("cnt", count.toString());
        }
        new TreeMap<String, Object>(event.data())
                .entrySet().stream()
                        .filter(field -> CefFields.leaves(event.type(), field))
                        .forEach(field -> standard.put(PREFIX + title(field.getKey()), value(text(field))));
        return standard;
    }

    /// `token_id` becomes `TokenId`.
    private static String title(String field) {
        StringBuilder title = new StringBuilder();
        for (String part : field.split("_", -1)) {
            if (!part.isEmpty()) {
                title.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
            }
        }
        return title.toString();
    }

    private static String text(Map.Entry<String, Object> field) {
        boolean person = CefFields.PERSONS.contains(field.getKey());
        return switch (field.getValue()) {
            case List<?> list ->
                list.stream()
                        .map(String::valueOf)
                        .map(one -> person ? hashed(one) : one)
                        .collect(Collectors.joining(","));
            case Map<?, ?> counts -> {
                Map<String, String> sorted = new TreeMap<>();
                counts.forEach((name, count) -> sorted.put(String.valueOf(name), String.valueOf(count)));
                yield sorted.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(","));
            }
            case Object one -> person ? hashed(one.toString()) : one.toString();
        };
    }

    private static String hashed(String who) {
        if (who.startsWith(WORKLOAD)) {
            return who;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(who.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest, 0, HASH_OCTETS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String header(String text) {
        return bounded(text.replace('\n', ' ').replace('\r', ' '), LONGEST_HEADER)
                .replace("\\", "\\\\")
                .replace("|", "\\|");
    }

    private static String value(String text) {
        return bounded(text, LONGEST_VALUE)
                .replace("\\", "\\\\")
                .replace("=", "\\=")
                .replace("\r", "\\r")
                .replace("\n", "\\n");
    }

    private static String bounded(String text, int longest) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), longest); i++) {
            char c = text.charAt(i);
            out.append((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' ? c : '?');
        }
        if (text.length() > longest) {
            out.setCharAt(longest - 1, '~');
        }
        return out.toString();
    }

    /// The line, without an end.
    public String line() {
        return line;
    }

    /// OCSF's `severity_id`: 1 informational, 2 low, 4 high.
    public int ocsfSeverity() {
        return ocsfSeverity;
    }

    @Override
    public String toString() {
        return line;
    }
}
