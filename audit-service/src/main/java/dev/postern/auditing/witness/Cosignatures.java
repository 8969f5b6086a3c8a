package dev.postern.auditing.witness;

import dev.postern.tlog.note.Cosignature;
import dev.postern.tlog.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/// The newest verified cosignature of each witness for each log, in memory: those of a log that is written are asked
/// for again after a restart. Any thread may use it.
public final class Cosignatures {

    private final Map<String, Map<String, Cosigned>> byOrigin = new ConcurrentHashMap<>();

    /// A text and a cosignature over it.
    private record Cosigned(String text, Cosignature cosignature) {
        /// A checkpoint's second line is its size.
        boolean covers(long index) {
            return text.lines()
                    .skip(1)
                    .findFirst()
                    .map(Long::parseLong)
                    .filter(size -> size > index)
                    .isPresent();
        }
    }

    /// A checkpoint with the signature lines of those witnesses that cosigned this very one.
    ///
    /// @param note  signed by the log
    public String onto(String origin, String note) {
        Collection<Cosigned> known = byOrigin.getOrDefault(origin, Map.of()).values();
        if (known.isEmpty()) {
            return note;
        }
        Optional<String> text = SignedNote.text(note.getBytes(StandardCharsets.UTF_8));
        StringBuilder cosigned = new StringBuilder(note);
        for (Cosigned one : known) {
            if (text.filter(one.text()::equals).isPresent()
                    && !note.contains(one.cosignature().line())) {
                cosigned.append(one.cosignature().line());
            }
        }
        return cosigned.toString();
    }

    void put(String origin, String text, Cosignature cosignature) {
        byOrigin.computeIfAbsent(origin, _ -> new ConcurrentSkipListMap<>())
                .put(cosignature.witness(), new Cosigned(text, cosignature));
        synchronized (this) {
            notifyAll();
        }
    }

    /// Waits until a witness has cosigned a checkpoint that covers an entry.
    ///
    /// @param nanos at most; not at all when there are none left
    /// @return whether it has
    public synchronized boolean await(String origin, String witness, long index, long nanos)
            throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!covers(origin, witness, index)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private boolean covers(String origin, String witness, long index) {
        return Optional.ofNullable(byOrigin.getOrDefault(origin, Map.of()).get(witness))
                .filter(one -> one.covers(index))
                .isPresent();
    }

    /// When a witness cosigned this very text of a log.
    Optional<Instant> time(String origin, String text, String witness) {
        return Optional.ofNullable(byOrigin.getOrDefault(origin, Map.of()).get(witness))
                .filter(one -> one.text().equals(text))
                .map(one -> one.cosignature().time());
    }

    /// When a witness last cosigned any checkpoint of a log.
    Optional<Instant> newest(String origin, String witness) {
        return Optional.ofNullable(byOrigin.getOrDefault(origin, Map.of()).get(witness))
                .map(one -> one.cosignature().time());
    }
}
