package dev.postern.cli.audit;

import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;

/// A log that grows in a directory `log/<origin>` with its key in `vkeys/`.
public final class TestLog {
    public final String origin;
    public final NoteSigner signer;
    public final Path directory;
    private final TiledLog log;
    private int entries;

    public TestLog(Path home, String origin) throws IOException {
        this(home, origin, key());
    }

    TestLog(Path home, String origin, KeyPair key) throws IOException {
        this.origin = origin;
        this.signer = new NoteSigner(NoteVerifier.of(origin, key.getPublic()), message -> sign(key, message));
        this.directory = home.resolve("log").resolve(origin);
        this.log = TiledLog.open(new LogDirectory(directory), signer);
        Path keys = Files.createDirectories(home.resolve("vkeys"));
        Files.writeString(
                keys.resolve(origin.substring(origin.lastIndexOf('/') + 1) + ".vkey"), signer.verifier() + "\n");
    }

    public static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sign(KeyPair key, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestLog grow(int count, String text) throws IOException {
        for (int i = 0; i < count; i++) {
            append((text + entries).getBytes(StandardCharsets.UTF_8));
        }
        return publish();
    }

    public long append(byte[] entry) throws IOException {
        log.append(entry);
        return entries++;
    }

    public TestLog publish() throws IOException {
        log.publish();
        return this;
    }

    public byte[] checkpoint() throws IOException {
        return Files.readAllBytes(directory.resolve("checkpoint"));
    }
}
