package dev.postern.auditing.syslog;

import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(next.shard() + ":" + next.index() + "\n");
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
