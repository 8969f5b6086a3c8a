package dev.postern.cli.backup;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.NotAuthentic;
import dev.postern.session.RecipientKey;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads backups. Guarantee: what a [Sink] is given is authentic and has a name that stays in the home; that a backup
/// is whole is known when [#open] returns, and not before. Nothing in a backup is larger than the backup itself.
public final class BackupReader {
    /// What can be told without the key.
    ///
    /// @param key the name of the public key that it was sealed to
    public record Listed(Path file, String key, Instant madeAt, long octets) {}

    /// One file in a backup.
    public record Entry(String name, long octets) {}

    /// Takes the files of a backup in turn.
    @FunctionalInterface
    interface Sink {
        /// The next file.
        ///
        /// @param content exactly the entry's octets; what is not read is passed over
        void take(Entry entry, InputStream content) throws IOException;
    }

    private BackupReader() {}

    /// The backups in a directory, by name; other files are passed over, and those that we may not read.
    public static List<Listed> list(Path directory) {
        List<Listed> listed = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                header(file)
                        .ifPresent(header -> listed.add(new Listed(file, header.key(), header.madeAt(), size(file))));
            }
        } catch (IOException e) {
            throw new Failure(directory + " cannot be read.", e);
        }
        return listed;
    }

    private static Optional<BackupHeader> header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(BackupHeader.read(in));
        } catch (Failure | AccessDeniedException _) {
            return Optional.empty();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /// Everything in a backup: the whole of it is opened for that, and thus verified.
    public static List<Entry> entries(Path file, RecipientKey key) {
        List<Entry> entries = new ArrayList<>();
        var _ = open(file, key, Optional.empty(), (entry, _) -> entries.add(entry));
        return entries;
    }

    /// Opens the whole backup.
    ///
    /// @param sha256 what the file must hash to, where that is known
    /// @throws Failure when it is for another key, was altered or cut, or holds what no backup of ours does
    static BackupHeader open(Path file, RecipientKey key, Optional<String> sha256, Sink sink) {
        MessageDigest digest = Durability.sha256();
        try (InputStream in =
                new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), digest)) {
            BackupHeader header = BackupHeader.read(in);
            if (!header.key().equals(key.publicKey().name())) {
                throw new Failure(
                        ExitCode.REFUSED,
                        file + " was made for the key " + header.key() + ", and this is "
                                + key.publicKey().name() + ".");
            }
            InputStream opened = key.open(in, header.octets());
            DataInputStream archive = new DataInputStream(opened);
            for (int length = archive.readUnsignedShort(); length > 0; length = archive.readUnsignedShort()) {
                take(archive, length, sink);
            }
            if (archive.read() >= 0) {
                throw unlike(file);
            }
            String seen = HexFormat.of().formatHex(digest.digest());
            if (sha256.isPresent() && !sha256.get().equalsIgnoreCase(seen)) {
                throw new Failure(ExitCode.REFUSED, file + " is another backup: its SHA-256 is " + seen + ".");
            }
            return header;
        } catch (NotAuthentic e) {
            throw new Failure(
                    ExitCode.REFUSED,
                    file + " was altered or cut: what lies from octet " + e.offset() + " of its content on (chunk "
                            + e.chunk() + ") does not open. Nothing of it was used.");
        } catch (EOFException | CharacterCodingException | FileAlreadyExistsException _) {
            throw unlike(file);
        } catch (IOException e) {
            throw new Failure(file + " was not opened to its end: " + e.getMessage() + ".", e);
        }
    }

    private static void take(DataInputStream archive, int length, Sink sink) throws IOException {
        byte[] octets = new byte[length];
        archive.readFully(octets);
        String name = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets))
                .toString();
        long size = archive.readLong();
        if (!BackupContent.admits(name) || size < 0) {
            throw new Failure(ExitCode.REFUSED, "This backup holds a file that no backup of ours does.");
        }
        Content content = new Content(archive, size);
        sink.take(new Entry(name, size), content);
        content.skipRest();
    }

    private static Failure unlike(Path file) {
        return new Failure(ExitCode.REFUSED, file + " opens, and is not of the form of a backup.");
    }

    /// The octets of one entry: no more of the archive can be read through it, and no fewer are there.
    private static final class Content extends InputStream {
        private final InputStream in;
        private long left;

        private Content(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = in.read(octets, offset, (int) Math.min(length, left));
            if (got < 0) {
                throw new EOFException();
            }
            left -= got;
            return got;
        }

        private void skipRest() throws IOException {
            byte[] passed = new byte[8_192];
            while (left > 0) {
                var _ = read(passed, 0, passed.length);
            }
        }
    }
}
