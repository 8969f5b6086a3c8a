package dev.postern.cli.audit.witness;

import dev.postern.cli.audit.PinnedKeys;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.witness.LogKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Keys of logs: as texts, in files, and in directories of `*.vkey`, which are read again when a log is asked for that
/// is not known: a sharded log has a new key each week.
///
/// Servers keep what they said themselves ([ServedKeys]). A key that was seen stays the log's as long as this lives;
/// another one for the same log is not taken.
public final class KeyFiles implements LogKeys {
    private static final int LONGEST = 1 << 10;
    private static final int MOST_FILES = 10_000;

    private final List<Path> directories;
    private final List<LogKeys> servers;
    private final Map<String, NoteVerifier> known;

    private KeyFiles(List<Path> directories, List<LogKeys> servers, Map<String, NoteVerifier> known) {
        this.directories = directories;
        this.servers = List.copyOf(servers);
        this.known = new ConcurrentHashMap<>(known);
    }

    /// Keys as they were named on the command line.
    ///
    /// @param places   keys, files and directories
    /// @param servers  asked for logs that are found nowhere else
    /// @throws Failure when something is neither a key nor a directory
    public static KeyFiles of(List<String> places, List<LogKeys> servers) {
        return new KeyFiles(
                places.stream().filter(KeyFiles::isDirectory).map(Path::of).toList(),
                servers,
                PinnedKeys.of(
                        places.stream().filter(place -> !isDirectory(place)).toList()));
    }

    private static boolean isDirectory(String place) {
        return !place.contains("+") && Files.isDirectory(Path.of(place));
    }

    @Override
    public List<NoteVerifier> of(String origin) {
        if (!known.containsKey(origin)) {
            directories.forEach(this::read);
        }
        Optional<NoteVerifier> found = Optional.ofNullable(known.get(origin));
        return found.isPresent()
                ? List.of(found.get())
                : servers.stream()
                        .flatMap(server -> server.of(origin).stream())
                        .limit(1)
                        .toList();
    }

    private void read(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.toString().endsWith(".vkey"))
                    .limit(MOST_FILES)
                    .flatMap(file -> key(file).stream())
                    .forEach(key -> known.putIfAbsent(key.name(), key));
        } catch (IOException e) {
            throw new Failure("The keys in " + directory + " cannot be read.", e);
        }
    }

    private static Optional<NoteVerifier> key(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return NoteVerifier.parse(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
