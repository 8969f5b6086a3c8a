package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// SQLite files in a directory, one a day.
final class DayFiles extends IndexStore {
    private static final String SUFFIX = ".db";
    private static final String BESIDE = "rebuild";

    private final Path directory;
    private final Duration busy;

    /// @param busy  for so long a lock that somebody else has is waited for
    DayFiles(Path directory, Duration busy) {
        this.directory = directory;
        this.busy = busy;
    }

    @Override
    DayTables day(Epoch epoch) {
        return new DayFile(directory.resolve(epoch + SUFFIX), busy);
    }

    @Override
    List<Epoch> days() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX))
                    .flatMap(name -> epoch(name.substring(0, name.length() - SUFFIX.length())).stream())
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Epoch> epoch(String date) {
        try {
            return Optional.of(Epoch.of(LocalDate.parse(date)));
        } catch (DateTimeParseException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    IndexStore beside() {
        return new DayFiles(directory.resolve(BESIDE), busy);
    }

    @Override
    void removeEmpty() throws IOException {
        Files.deleteIfExists(directory);
    }

    /// Each day has a connection of its own.
    @Override
    Moment moment() {
        return new Moment() {
            private final List<Connection> open = new ArrayList<>();

            @Override
            public Connection of(DayTables day) throws SQLException {
                Connection connection = day.forComparing();
                open.add(connection);
                return connection;
            }

            @Override
            public void close() {
                open.forEach(IndexStore::close);
            }
        };
    }

    @Override
    public String remedy() {
        return "It is in " + directory + " and may be removed as a whole; it is rebuilt from the log.";
    }

    @Override
    public void close() {
        // Each file is closed by who opened it.
    }
}
