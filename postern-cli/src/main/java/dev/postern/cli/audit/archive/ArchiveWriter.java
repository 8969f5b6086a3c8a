package dev.postern.cli.audit.archive;

import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.ocsf.OcsfEvent;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes an archive, line by line. For one thread.
final class ArchiveWriter {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final OutputStream out;
    private final MessageDigest digest = ArchiveFormat.sha256();
    private long events;

    ArchiveWriter(OutputStream out) {
        this.out = out;
    }

    void begin(Instant created, Map<String, String> filter, List<ArchivedLog> logs) throws IOException {
        write(Map.of(
                ArchiveFormat.VERSION,
                ArchiveFormat.VERSION_1,
                ArchiveFormat.CREATED,
                EventEnvelope.timestamp(created),
                ArchiveFormat.OCSF,
                OcsfEvent.SCHEMA,
                ArchiveFormat.FILTER,
                filter,
                ArchiveFormat.LOGS,
                logs.stream()
                        .map(log -> Map.of(
                                ArchiveFormat.ORIGIN,
                                log.origin(),
                                ArchiveFormat.VKEY,
                                log.key().toString(),
                                ArchiveFormat.CHECKPOINT,
                                log.note()))
                        .toList()));
    }

    /// One entry, which must open to an event.
    ///
    /// @throws IOException also when it does not
    void entry(ArchivedEntry entry) throws IOException {
        byte[] content = entry.content()
                .orElseThrow(() -> new IOException("entry " + entry.index() + " does not open under its key"));
        try {
            EventEnvelope event = EnvelopeParser.parse(content);
            Map<String, Object> line = new TreeMap<>();
            line.put(ArchiveFormat.EVENT, event.attributes());
            line.put(ArchiveFormat.OCSF, OcsfEvent.of(event));
            line.put(ArchiveFormat.ORIGIN, entry.origin());
            line.put(ArchiveFormat.INDEX, entry.index());
            line.put(ArchiveFormat.LEAF, BASE64.encodeToString(entry.leaf()));
            entry.key().map(LeafKey::disclosed).ifPresent(key -> line.put(ArchiveFormat.LEAF_KEY, key));
            line.put(
                    ArchiveFormat.PROOF,
                    entry.proof().stream().map(Hash::base64).toList());
            write(line);
            events++;
        } catch (MalformedEnvelope e) {
            throw new IOException("entry " + entry.index() + " holds no event", e);
        }
    }

    long end() throws IOException {
        String sum = HexFormat.of().formatHex(digest.digest());
        write(Map.of(ArchiveFormat.EVENTS, events, ArchiveFormat.SHA256, sum));
        out.flush();
        return events;
    }

    private void write(Map<String, ?> object) throws IOException {
        byte[] line = ArchiveFormat.line(object);
        digest.update(line);
        digest.update((byte) '\n');
        out.write(line);
        out.write('\n');
    }
}
