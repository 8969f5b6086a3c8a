package dev.postern.cli.backup;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.kms.DurableFile;
import dev.postern.kms.DurableFile.Audience;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The two halves of a backup key, each a file of one line.
///
/// The platform keeps the public half (`backup-key.pub` in its home), the security team the private one, elsewhere.
public final class BackupKeys {
    private static final String PUBLIC = "postern-backup-public-key-1";
    private static final String PRIVATE = "postern-backup-private-key-1";
    /// Far more than a key has.
    private static final int LONGEST = 8_192;

    private BackupKeys() {}

    /// Makes a pair and writes both halves. What exists is not replaced: who loses a private key loses every backup
    /// that was made for it.
    ///
    /// @param replacing the public half may be replaced
    /// @throws Failure with the reason, when nothing was made
    public static RecipientPublicKey generate(PosternHome home, Path privateFile, Path publicFile, boolean replacing) {
        if (privateFile.toAbsolutePath().normalize().startsWith(home.root())) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "The private key does not belong into the platform's home: whoever has that could read every backup.");
        }
        if (privateFile
                .toAbsolutePath()
                .normalize()
                .equals(publicFile.toAbsolutePath().normalize())) {
            throw new Failure(ExitCode.REFUSED, "The two halves of a key need two files.");
        }
        requireNew(privateFile, "");
        if (!replacing) {
            requireNew(publicFile, " --replace-public-key makes later backups for the new key.");
        }
        try (RecipientKey key = RecipientKey.generate()) {
            RecipientPublicKey publicKey = key.publicKey();
            write(
                    privateFile,
                    Audience.OWNER,
                    PRIVATE + " " + publicKey.encoded() + " " + key.insecureEncoded() + "\n");
            write(publicFile, Audience.EVERYBODY, PUBLIC + " " + publicKey.encoded() + "\n");
            return publicKey;
        }
    }

    private static void requireNew(Path file, String advice) {
        if (Files.exists(file)) {
            throw new Failure(ExitCode.CONFLICT, file + " exists, and is not replaced." + advice);
        }
    }

    private static void write(Path file, Audience audience, String line) {
        try {
            new DurableFile(file, audience).replace(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new Failure(file + " cannot be written.", e);
        }
    }

    /// Reads the half that backups are sealed to.
    ///
    /// @throws Failure when there is none
    public static RecipientPublicKey publicKey(Path file) {
        if (!Files.exists(file)) {
            throw new Failure(
                    "There is no public key in " + file + ": the security team makes one by ./postern backup keygen.");
        }
        String[] words = words(file);
        return (words.length == 2 && words[0].equals(PUBLIC)
                        ? RecipientPublicKey.parse(words[1])
                        : Optional.<RecipientPublicKey>empty())
                .orElseThrow(() -> new Failure(file + " does not hold the public key of backups."));
    }

    /// Reads the half that opens them.
    ///
    /// @param file `-` reads it from `standardInput`, so that it need not lie on this machine's disk
    public static RecipientKey privateKey(String file, InputStream standardInput) {
        String[] words = file.equals("-") ? words(standardInput) : words(Path.of(file));
        return (words.length == 3 && words[0].equals(PRIVATE)
                        ? RecipientPublicKey.parse(words[1]).flatMap(half -> RecipientKey.parse(half, words[2]))
                        : Optional.<RecipientKey>empty())
                .orElseThrow(() -> new Failure(
                        (file.equals("-") ? "Standard input" : file) + " does not hold a private key of backups."));
    }

    private static String[] words(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return words(in);
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        }
    }

    private static String[] words(InputStream in) {
        try {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
        } catch (IOException e) {
            throw new Failure("The key cannot be read.", e);
        }
    }
}
