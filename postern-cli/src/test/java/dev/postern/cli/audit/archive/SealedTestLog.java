package dev.postern.cli.audit.archive;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.cli.audit.TestLog;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/// A log of sealed events whose keys are known.
final class SealedTestLog {
    static final String SHARD = "2026w48";
    static final String SOURCE = "spiffe://postern.local/token-service";
    private static final byte[] KEY = new byte[32];

    final TestLog log;
    final List<SealedLeaf> leaves = new ArrayList<>();
    final List<EventEnvelope> events = new ArrayList<>();

    SealedTestLog(Path home) throws IOException {
        log = new TestLog(home, "localhost/audit/" + SHARD);
    }

    SealedTestLog grow(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            int number = events.size() + 1;
            EventEnvelope event = new EventEnvelope(
                    SOURCE,
                    "spool",
                    "id-" + number,
                    number,
                    number % 2 == 0 ? "dev.postern.token.refused" : "dev.postern.service.started",
                    Instant.parse("2026-11-26T09:00:00Z").plusSeconds(number),
                    number % 2 == 0
                            ? Map.of("reason", "invalid_client", "count", 1)
                            : Map.of("service", "s", "instance", "i", "version", "1"));
            SealedLeaf leaf = SealedLeaf.sample(20_783, KEY, event.bytes(), new SecureRandom());
            log.append(leaf.bytes());
            events.add(event);
            leaves.add(leaf);
        }
        log.publish();
        return this;
    }

    LeafKey key(int index) {
        return leaves.get(index).key(new SecretKeySpec(KEY, "HmacSHA256"));
    }

    ArchivedLog archived() throws IOException {
        String note = new String(log.checkpoint(), StandardCharsets.UTF_8);
        return new ArchivedLog(
                log.signer.verifier(),
                note,
                Checkpoint.open(log.checkpoint(), log.signer.verifier()).orElseThrow());
    }

    ArchivedEntry entry(int index) throws IOException {
        return new ArchivedEntry(
                log.origin,
                index,
                leaves.get(index).bytes(),
                Optional.of(key(index)),
                TiledLog.proofs(
                                new LogDirectory(log.directory),
                                archived().checkpoint().size())
                        .inclusion(index, archived().checkpoint().size()));
    }
}
