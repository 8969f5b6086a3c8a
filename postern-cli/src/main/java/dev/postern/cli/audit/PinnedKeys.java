package dev.postern.cli.audit;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Verifier keys that were given on the command line: each as its text, or as a file with it.
public final class PinnedKeys {
    private static final int LONGEST = 1 << 12;

    private PinnedKeys() {}

    /// The keys by the origin they sign for.
    ///
    /// @throws Failure when one is no key, or two are for one origin
    public static Map<String, NoteVerifier> of(List<String> texts) {
        Map<String, NoteVerifier> keys = new HashMap<>();
        for (String text : texts) {
            NoteVerifier key = NoteVerifier.parse(text)
                    .or(() -> inFile(text).flatMap(NoteVerifier::parse))
                    .orElseThrow(() -> new Failure(
                            ExitCode.USAGE,
                            "There is no verifier key in " + text + ": it looks like name+01234567+AbCd…="));
            if (keys.put(key.name(), key) != null) {
                throw new Failure(ExitCode.USAGE, "There are two keys for " + key.name() + ".");
            }
        }
        return keys;
    }

    /// Whether this is the second key of a log, ML-DSA-44, as text or in a file.
    public static boolean isSecond(String text) {
        return second(text).isPresent();
    }

    private static Optional<CosignatureVerifier> second(String text) {
        return CosignatureVerifier.parse(text)
                .or(() -> inFile(text).flatMap(CosignatureVerifier::parse))
                .filter(CosignatureVerifier::isPostQuantum);
    }

    /// Second keys of logs by the origin they sign for; what is none is left out.
    ///
    /// @throws Failure when two are for one origin
    public static Map<String, CosignatureVerifier> second(List<String> texts) {
        Map<String, CosignatureVerifier> keys = new HashMap<>();
        for (String text : texts) {
            second(text).ifPresent(key -> {
                if (keys.put(key.name(), key) != null) {
                    throw new Failure(ExitCode.USAGE, "There are two ML-DSA-44 keys for " + key.name() + ".");
                }
            });
        }
        return keys;
    }

    /// The keys of witnesses, as text or in files.
    ///
    /// @throws Failure when one is none
    public static List<CosignatureVerifier> witnesses(List<String> texts) {
        return texts.stream()
                .map(text -> CosignatureVerifier.parse(text)
                        .or(() -> inFile(text).flatMap(CosignatureVerifier::parse))
                        .orElseThrow(() -> new Failure(
                                ExitCode.USAGE,
                                "There is no key of a witness in " + text + ": it looks like name+01234567+B…=")))
                .toList();
    }

    private static Optional<String> inFile(String name) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
        } catch (IOException | InvalidPathException _) {
            return Optional.empty();
        }
    }
}
