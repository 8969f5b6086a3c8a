package dev.postern.auditing.syslog;

import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import dev.postern.kms.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Remembers on the disk where sending goes on: everything before this place was confirmed. For one thread.
final class ExportPosition {
    private static final Pattern FORM = Pattern.compile("([0-9]{4}w[0-5][0-9]):([0-9]{1,15})\n");

    private final Path file;

    ExportPosition(Path file) {
        this.file = file;
    }

    /// None before anything was sent.
    ///
    /// @throws IOException when the file is none of ours: where to go on is not guessed
    Optional<Position> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!matcher.matches()) {
            throw new IOException(file + " is no place in the log: remove it to send everything again, or write the"
                    + " place to go on at, such as 2026w48:1234, and a line end");
        }
        return Optional.of(new Position(new ShardName(matcher.group(1)), Long.parseLong(matcher.group(2))));
    }

    /// On the disk when it returns.
    void write(Position next) throws IOException {
        new DurableFile(file, DurableFile.Audience.OWNER)
                .replace((next.shard() + ":" + next.index() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
