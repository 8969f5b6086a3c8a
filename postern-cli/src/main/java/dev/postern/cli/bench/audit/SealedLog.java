package dev.postern.cli.bench.audit;

import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Map;

/// A log of sealed events, written as the audit-service writes it, under a key that is forgotten afterwards.
final class SealedLog {
    private static final String ORIGIN = "localhost/bench/verify";
    private static final int EPOCH = 20_000;

    private SealedLog() {}

    /// Writes the log; its key is the answer.
    static NoteVerifier write(Path directory, long entries, SecureRandom random) throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            NoteSigner signer =
                    new NoteSigner(NoteVerifier.of(ORIGIN, pair.getPublic()), message -> sign(pair, message));
            TiledLog log = TiledLog.open(new LogDirectory(directory), signer);
            byte[] key = new byte[32];
            random.nextBytes(key);
            for (long i = 1; i <= entries; i++) {
                log.append(SealedLeaf.sample(EPOCH, key, event(i), random).bytes());
            }
            log.publish();
            return signer.verifier();
        } catch (GeneralSecurityException | NotCanonical e) {
            throw new IllegalStateException("every JDK has Ed25519, and the event is canonical", e);
        }
    }

    private static byte[] event(long number) throws NotCanonical {
        return new EventEnvelope(
                        "spiffe://postern.local/gateway-service",
                        "spool-1",
                        "event-" + number,
                        number,
                        "dev.postern.request.served",
                        Instant.ofEpochMilli(EPOCH * 86_400_000L + number),
                        Map.of("model", "simulated", "client_id", "demo", "tenant", "acme", "input_tokens", number))
                .bytes();
    }

    private static byte[] sign(KeyPair pair, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }
}
