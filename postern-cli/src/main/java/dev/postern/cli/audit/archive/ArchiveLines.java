package dev.postern.cli.audit.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/// The lines of an archive, none longer than 8 MiB, and the sum over those that were read. For one thread.
final class ArchiveLines {
    private static final int LONGEST = 8 << 20;

    private final InputStream in;
    private final MessageDigest digest = ArchiveFormat.sha256();
    private String sumBefore = "";
    private long number;

    ArchiveLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /// The next line without its end; empty at the end of the file.
    ///
    /// @throws InvalidArchive when it is too long, or has no end
    Optional<byte[]> next() throws IOException, InvalidArchive {
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        number++;
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                if (line.size() == 0) {
                    return Optional.empty();
                }
                throw new InvalidArchive("the file ends within the line");
            }
            if (line.size() == LONGEST) {
                throw new InvalidArchive("the line is too long");
            }
            line.write(octet);
        }
        sumBefore = sum();
        digest.update(line.toByteArray());
        digest.update((byte) '\n');
        return Optional.of(line.toByteArray());
    }

    private String sum() throws IOException {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IOException("the JDK's SHA-256 cannot be copied", e);
        }
    }

    /// From 1, of the line that was read last.
    long number() {
        return number;
    }

    /// SHA-256 over all octets before the line that was read last.
    String sumBefore() {
        return sumBefore;
    }
}
