package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The processes of a home, one file each under `run/`, so that another invocation finds exactly what this one started.
public final class ProcessRecords {
    private static final String SUFFIX = ".json";
    /// Start times have a resolution of a hundredth of a second; pids rise within it.
    private static final Comparator<OwnProcess> LATEST_FIRST = Comparator.comparing(OwnProcess::startedAt)
            .thenComparingLong(OwnProcess::pid)
            .reversed();

    private final Path directory;
    private final JsonMapper json = new JsonMapper();

    public ProcessRecords(PosternHome home) {
        this.directory = home.run();
    }

    void add(OwnProcess process) {
        String record = json.createObjectNode()
                .put("name", process.name())
                .put("pid", process.pid())
                .put("started_at", process.startedAt().toString())
                .toString();
        PrivateFiles.write(directory.resolve(process.name() + SUFFIX), record);
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(directory.resolve(name + SUFFIX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<OwnProcess> find(String name) {
        return read(directory.resolve(name + SUFFIX));
    }

    /// The live process of that name.
    ///
    /// @throws Failure when there is none
    public OwnProcess running(String name) {
        return find(name).filter(OwnProcess::alive).orElseThrow(() -> new Failure(name + " is not running."));
    }

    /// All records, latest start first.
    public List<OwnProcess> all() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .flatMap(file -> read(file).stream())
                    .sorted(LATEST_FIRST)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<OwnProcess> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode record = json.readTree(file.toFile());
            return Optional.of(new OwnProcess(
                    record.path("name").asString(),
                    record.path("pid").asLong(),
                    Instant.parse(record.path("started_at").asString())));
        } catch (JacksonException | DateTimeParseException _) {
            return Optional.empty(); // a half-written record names no process that could be recognised
        }
    }
}
