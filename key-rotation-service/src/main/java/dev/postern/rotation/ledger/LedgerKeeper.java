package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.KeyRing;
import java.io.IOException;
import java.time.Instant;
import java.util.OptionalLong;

/// What this process knows of the ledger, and whether it may write it.
///
/// Guarantee: only a newer leader's write takes the leadership away. A file that was touched, replaced, broken or
/// removed by anybody else is written anew; one that cannot be read changes nothing here.
///
/// The ledger's lock guards every method but [#content] and [#leads].
final class LedgerKeeper {
    private final LedgerFile file;
    private final Leadership leadership;
    private volatile LedgerContent content;
    private volatile boolean leading;

    LedgerKeeper(LedgerFile file, Leadership leadership) throws IOException {
        this.file = file;
        this.leadership = leadership;
        this.content = file.read();
    }

    LedgerContent content() {
        return content;
    }

    boolean leads() {
        return leading;
    }

    /// By which fence this process leads; another one is another leadership.
    OptionalLong fence() {
        return leading ? OptionalLong.of(content.fence()) : OptionalLong.empty();
    }

    /// Leads, goes on leading, or reads along, as the election and the file say.
    ///
    /// @throws IOException and [LedgerUnusable] if the file cannot be read or written now: all is as before then
    void look(Instant now) throws IOException {
        OptionalLong fence = leadership.fence(content.fence());
        if (fence.isEmpty()) {
            readAlong();
        } else if (!fence.equals(fence())) {
            takeOver(fence.getAsLong(), now);
        } else if (file.changedElsewhere()) {
            store(content);
        }
    }

    /// Goes on from what is on disk, at least one version on, and never below the seconds of the epoch: so a ledger
    /// that was lost or restored from a copy does not go back behind what followers have seen.
    private void takeOver(long fence, Instant now) throws IOException {
        var taken = file.takeOver(fence, there -> there.with(there.ring().renumbered(now.getEpochSecond())));
        leading = taken.isPresent();
        content = taken.isPresent() ? taken.get() : file.read();
    }

    private void readAlong() throws IOException {
        leading = false;
        if (file.changedElsewhere()) {
            content = file.read();
        }
    }

    /// @throws FencedOut if another leads now; this process stands by then
    void store(LedgerContent next) throws IOException {
        try {
            file.write(next);
        } catch (FencedOut fencedOut) {
            try {
                readAlong();
            } catch (IOException | LedgerUnusable e) {
                fencedOut.addSuppressed(e);
            }
            throw fencedOut;
        }
        content = next;
    }

    /// Keys that nobody needs to remember are not worth a write of their own.
    void forget(KeyRing remembered) {
        content = content.with(remembered);
    }
}
