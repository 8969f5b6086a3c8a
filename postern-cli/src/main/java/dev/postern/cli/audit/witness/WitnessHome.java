package dev.postern.cli.audit.witness;

import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.TlsFiles;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.kms.DurableFile;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.witness.WitnessState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/// The directory of a witness: `witness.key` (0600), `witness.vkey`, and `state/` with the latest checkpoint of each
/// log. One process at a time.
///
/// The key is made at the first start, never again: a directory that holds checkpoints and no key, or a key of another
/// name, is refused.
final class WitnessHome implements AutoCloseable {
    private static final String ALGORITHM = "Ed25519";
    private static final String KEY = "witness.key";
    private static final String VKEY = "witness.vkey";
    private static final String STATE = "state";
    private static final String LOCK = "lock";

    private final Path directory;
    private final FileChannel lock;
    private final CosignatureSigner signer;

    private WitnessHome(Path directory, FileChannel lock, CosignatureSigner signer) {
        this.directory = directory;
        this.lock = lock;
        this.signer = signer;
    }

    /// Opens the directory, or makes it.
    ///
    /// @param name of the witness: a key name of signed notes, for example `witness.example.com/w1`
    /// @throws Failure when it is another process', another witness' or not whole
    static WitnessHome open(Path directory, String name, SecureRandom random) {
        PrivateFiles.directory(directory);
        FileChannel lock = lock(directory);
        boolean opened = false;
        try {
            WitnessHome home = new WitnessHome(directory, lock, signer(directory, name, random));
            opened = true;
            return home;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure("The key of the witness in " + directory.resolve(KEY) + " cannot be used.", e);
        } finally {
            if (!opened) {
                release(lock);
            }
        }
    }

    private static FileChannel lock(Path directory) {
        try {
            FileChannel channel =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw inUse(directory, new IOException("locked"));
            }
            return channel;
        } catch (OverlappingFileLockException | IOException e) {
            throw inUse(directory, e);
        }
    }

    private static Failure inUse(Path directory, Exception cause) {
        return new Failure("Another witness works in " + directory + ", or it cannot be written.", cause);
    }

    private static CosignatureSigner signer(Path directory, String name, SecureRandom random)
            throws IOException, GeneralSecurityException {
        Path vkey = directory.resolve(VKEY);
        if (!Files.exists(directory.resolve(KEY))) {
            if (Files.exists(directory.resolve(STATE))) {
                throw new Failure("The witness in " + directory + " has lost its key: restore " + KEY + ".");
            }
            return create(directory, name, random);
        }
        CosignatureVerifier known = CosignatureVerifier.parse(
                        Files.readString(vkey).strip())
                .orElseThrow(() -> new Failure(vkey + " is not the verifier key of a witness."));
        if (!known.name().equals(name)) {
            throw new Failure(
                    ExitCode.USAGE, "The witness in " + directory + " is " + known.name() + ", not " + name + ".");
        }
        String pem = Files.readString(directory.resolve(KEY)).replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        CosignatureSigner signer = new CosignatureSigner(known, message -> sign(key, message));
        if (!matches(signer)) {
            throw new Failure(KEY + " and " + VKEY + " in " + directory + " do not belong together.");
        }
        return signer;
    }

    private static boolean matches(CosignatureSigner signer) {
        String text = "probe\n";
        return signer.verifier()
                .verify(text, signer.cosign(text, Instant.EPOCH).strip())
                .isPresent();
    }

    private static CosignatureSigner create(Path directory, String name, SecureRandom random)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(255, random);
        KeyPair pair = generator.generateKeyPair();
        CosignatureVerifier verifier = CosignatureVerifier.of(name, pair.getPublic());
        // The key last: without it there is no witness yet, and the next start makes one.
        write(directory.resolve(VKEY), verifier + "\n");
        write(directory.resolve(KEY), TlsFiles.pem(pair.getPrivate()));
        return new CosignatureSigner(verifier, message -> sign(pair.getPrivate(), message));
    }

    /// On the disk before anything is cosigned: a witness that loses its key is another one.
    private static void write(Path file, String text) throws IOException {
        new DurableFile(file, DurableFile.Audience.OWNER).replace(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    CosignatureSigner signer() {
        return signer;
    }

    WitnessState state() {
        return new WitnessState(new LogDirectory(directory.resolve(STATE)));
    }

    @Override
    public void close() {
        release(lock);
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException _) {
            // The lock goes with the process.
        }
    }
}
