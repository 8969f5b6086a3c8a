package dev.postern.tlog.witness;

import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// A witness: cosigns a checkpoint when the log's own key signed it and it continues what was cosigned before.
///
/// Guarantee: of all trees of one origin that were ever cosigned, each continues the one before; the record is forced
/// to the disk before a cosignature leaves. Failure direction: closed; when the record cannot be read or written there
/// is no cosignature.
///
/// For any thread: comparing, recording and signing happen under one lock, so that of two requests at once the later
/// sees what the earlier did. The state must not be another process' as well.
public final class Witness {

    private final LogKeys logs;
    private final WitnessState state;
    private final CosignatureSigner signer;
    private final Clock clock;
    private final ReentrantLock order = new ReentrantLock();

    public Witness(LogKeys logs, WitnessState state, CosignatureSigner signer, Clock clock) {
        this.logs = logs;
        this.state = state;
        this.signer = signer;
        this.clock = clock;
    }

    /// Answers one request, as C2SP tlog-witness says.
    ///
    /// @throws IOException when the record cannot be read or written
    public WitnessAnswer add(byte[] body) throws IOException {
        Optional<AddCheckpoint> request = AddCheckpoint.parse(body);
        Optional<String> text = request.flatMap(add -> SignedNote.text(add.note()));
        Optional<Checkpoint> claimed = text.flatMap(Checkpoint::parse);
        if (request.isEmpty() || text.isEmpty() || claimed.isEmpty()) {
            return new WitnessAnswer.Malformed();
        }
        String origin = claimed.get().origin();
        List<NoteVerifier> keys = logs.of(origin);
        if (keys.isEmpty()) {
            return new WitnessAnswer.UnknownLog();
        }
        byte[] note = request.get().note();
        Optional<Checkpoint> signed = keys.stream()
                .flatMap(key -> Checkpoint.open(note, key).stream())
                .findFirst();
        if (signed.isEmpty()) {
            return new WitnessAnswer.NotSigned();
        }
        if (request.get().oldSize() > signed.get().size()) {
            return new WitnessAnswer.Malformed();
        }
        order.lock();
        try {
            return continued(request.get(), signed.get(), text.get(), keys);
        } finally {
            order.unlock();
        }
    }

    private WitnessAnswer continued(AddCheckpoint request, Checkpoint now, String text, List<NoteVerifier> keys)
            throws IOException {
        Optional<Checkpoint> before = state.latest(now.origin(), keys);
        long known = before.map(Checkpoint::size).orElse(0L);
        if (request.oldSize() != known) {
            return new WitnessAnswer.Conflict(known);
        }
        if (before.isPresent() && known == now.size() && !before.get().root().equals(now.root())) {
            return new WitnessAnswer.Conflict(known);
        }
        if (!consistent(request, before.map(Checkpoint::root).orElse(Hash.EMPTY), now)) {
            return new WitnessAnswer.Inconsistent();
        }
        state.put(now.origin(), request.note());
        return new WitnessAnswer.Cosigned(signer.cosign(text, clock.instant()));
    }

    /// From the empty tree every tree follows, without a proof.
    private static boolean consistent(AddCheckpoint request, Hash oldRoot, Checkpoint now) {
        if (request.oldSize() == 0) {
            return request.proof().isEmpty() && (now.size() > 0 || now.root().equals(Hash.EMPTY));
        }
        return ProofCheck.consistent(request.oldSize(), oldRoot, now.size(), now.root(), request.proof());
    }
}
