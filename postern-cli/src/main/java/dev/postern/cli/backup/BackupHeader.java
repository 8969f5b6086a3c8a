package dev.postern.cli.backup;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/// How a backup begins, in the clear: `postern-backup-1\n`, eight octets of the name of the key that opens it, and
/// eight of milliseconds since 1970. Everything after it is a sealed stream that is bound to it.
///
/// Non-guarantee: without the private key nobody can tell whether it was altered.
///
/// @param key the name of the public key that it was sealed to
record BackupHeader(String key, Instant madeAt) {
    private static final byte[] MAGIC = "postern-backup-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_NAME = 8;
    static final int OCTETS = MAGIC.length + KEY_NAME + Long.BYTES;

    byte[] octets() {
        return ByteBuffer.allocate(OCTETS)
                .put(MAGIC)
                .put(HexFormat.of().parseHex(key))
                .putLong(madeAt.toEpochMilli())
                .array();
    }

    /// @throws Failure when it is not the beginning of a backup
    static BackupHeader read(InputStream in) throws IOException {
        byte[] octets = in.readNBytes(OCTETS);
        if (octets.length < OCTETS || !Arrays.equals(MAGIC, Arrays.copyOf(octets, MAGIC.length))) {
            throw new Failure("This is not a backup of a Postern platform.");
        }
        ByteBuffer rest = ByteBuffer.wrap(octets, MAGIC.length, OCTETS - MAGIC.length);
        byte[] key = new byte[KEY_NAME];
        rest.get(key);
        return new BackupHeader(HexFormat.of().formatHex(key), Instant.ofEpochMilli(rest.getLong()));
    }
}
