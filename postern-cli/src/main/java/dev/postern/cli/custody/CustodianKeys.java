package dev.postern.cli.custody;

import dev.postern.archive.Custodian;
import dev.postern.archive.CustodianKey;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.kms.DurableFile;
import dev.postern.kms.DurableFile.Audience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/// A custodian's two halves, each a file of one line: the private one is the custodian's alone, the public one goes
/// into the files of custodians that relay and audit-service read.
public final class CustodianKeys {
    /// Far more than a key has.
    private static final int LONGEST = 16_384;

    private CustodianKeys() {}

    /// Makes a pair and writes both halves. What exists is not replaced: with a lost key its shares are lost.
    ///
    /// @throws Failure with the reason, when nothing was made
    public static Custodian generate(
            PosternHome home, String name, Path privateFile, Path publicFile, SecureRandom random) {
        if (privateFile.toAbsolutePath().normalize().startsWith(home.root())) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "A custodian's private key does not belong into the platform's home: that is whom it is kept from.");
        }
        if (privateFile
                .toAbsolutePath()
                .normalize()
                .equals(publicFile.toAbsolutePath().normalize())) {
            throw new Failure(ExitCode.REFUSED, "The two halves of a key need two files.");
        }
        requireNew(privateFile);
        requireNew(publicFile);
        try (CustodianKey key = CustodianKey.generate(name, random)) {
            write(privateFile, Audience.OWNER, key.insecureLine());
            write(publicFile, Audience.EVERYBODY, key.custodian().line());
            return key.custodian();
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.REFUSED, "A name cannot be used: " + e.getMessage() + ".");
        }
    }

    private static void requireNew(Path file) {
        if (Files.exists(file)) {
            throw new Failure(ExitCode.CONFLICT, file + " exists, and is not replaced.");
        }
    }

    private static void write(Path file, Audience audience, String line) {
        try {
            new DurableFile(file, audience).replace((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new Failure(file + " cannot be written.", e);
        }
    }

    /// Reads the private half.
    ///
    /// @param file `-` reads it from `standardInput`, so that it need not lie on this machine's disk
    public static CustodianKey read(String file, InputStream standardInput) {
        return CustodianKey.parse(file.equals("-") ? line(standardInput) : line(Path.of(file)))
                .orElseThrow(() -> new Failure((file.equals("-") ? "Standard input" : file)
                        + " does not hold a custodian's private key: ./postern audit custodian keygen makes one."));
    }

    private static String line(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return line(in);
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        }
    }

    private static String line(InputStream in) {
        try {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new Failure("The key cannot be read.", e);
        }
    }
}
