package dev.postern.auditing.witness;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.SignedNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Tells when every witness has cosigned what covers a place in the log. Any thread may ask.
public final class Witnessed {
    private final List<CosignatureVerifier> witnesses;
    private final Cosignatures cosignatures;

    Witnessed(List<CosignatureVerifier> witnesses, Cosignatures cosignatures) {
        this.witnesses = List.copyOf(witnesses);
        this.cosignatures = cosignatures;
    }

    /// Whether there are witnesses.
    public boolean isPossible() {
        return !witnesses.isEmpty();
    }

    /// Waits until all of them have.
    ///
    /// @param index    of a published entry
    /// @param patience in all
    /// @return whether they have
    public boolean await(PublishedShard shard, long index, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (CosignatureVerifier witness : witnesses) {
            if (!isKept(shard, index, witness)
                    && !cosignatures.await(shard.origin(), witness.name(), index, end - System.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /// In the file: the last checkpoint of a closed shard.
    private static boolean isKept(PublishedShard shard, long index, CosignatureVerifier witness) throws IOException {
        PublishedShard.Signed signed = shard.checkpoint();
        Optional<String> text = SignedNote.text(signed.note().getBytes(StandardCharsets.UTF_8));
        return signed.checkpoint().size() > index
                && text.isPresent()
                && signed.note()
                        .lines()
                        .anyMatch(line -> witness.verify(text.get(), line).isPresent());
    }
}
