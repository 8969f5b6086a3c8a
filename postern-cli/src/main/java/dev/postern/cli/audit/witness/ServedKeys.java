package dev.postern.cli.audit.witness;

import dev.postern.cli.audit.ServedFiles;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.witness.LogKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Keys of a server's logs, each believed at first sight and kept on the disk from then on.
///
/// What a witness vouches for is that nobody is shown a second history; whose log it is, it need not know. A key that
/// was kept is never replaced, whatever the server says. Whoever asks for logs that are not known makes this ask the
/// server which logs it has, at most once in ten seconds, and for the key of each of these once in that time: strangers
/// who ask for logs that do not exist keep no new log waiting for longer.
final class ServedKeys implements LogKeys {
    private static final int LONGEST = 1 << 10;
    private static final int LONGEST_INDEX = 1 << 20;
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final ServedFiles files;
    private final String prefix;
    private final LogDirectory kept;
    private final Clock clock;
    private Instant asked = Instant.MIN;
    /// What the server named then, without those that were asked for since.
    private final Set<String> unasked = new HashSet<>();

    /// @param files   of the server; `log/`, which names its logs, and `vkeys/` lie below
    /// @param prefix  of the origins that it may speak for
    /// @param kept    the directory of keys that were seen
    ServedKeys(ServedFiles files, String prefix, Path kept, Clock clock) {
        this.files = files;
        this.prefix = prefix;
        this.kept = new LogDirectory(kept);
        this.clock = clock;
    }

    @Override
    public synchronized List<NoteVerifier> of(String origin) {
        String name = origin.substring(origin.lastIndexOf('/') + 1);
        if (!origin.startsWith(prefix) || !NAME.matcher(name).matches()) {
            return List.of();
        }
        try {
            Optional<NoteVerifier> known = kept.read(file(origin))
                    .flatMap(ServedKeys::parse)
                    .filter(key -> key.name().equals(origin));
            return known.or(() -> ask(origin, name)).stream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<NoteVerifier> ask(String origin, String name) {
        Instant now = clock.instant();
        if (!asked.plus(BETWEEN_QUESTIONS).isAfter(now)) {
            asked = now;
            unasked.clear();
            files.read("log/", LONGEST_INDEX)
                    .ifPresent(index -> unasked.addAll(
                            new String(index, StandardCharsets.UTF_8).lines().toList()));
        }
        if (!unasked.remove(origin)) {
            return Optional.empty();
        }
        Optional<NoteVerifier> key = files.read("vkeys/" + name + ".vkey", LONGEST)
                .flatMap(ServedKeys::parse)
                .filter(found -> found.name().equals(origin));
        key.ifPresent(this::keep);
        return key;
    }

    private void keep(NoteVerifier key) {
        try {
            kept.create(file(key.name()), (key + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<NoteVerifier> parse(byte[] text) {
        return NoteVerifier.parse(new String(text, StandardCharsets.UTF_8).strip());
    }

    private static String file(String origin) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash) + ".vkey";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
