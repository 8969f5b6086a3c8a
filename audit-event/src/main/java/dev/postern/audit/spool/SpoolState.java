package dev.postern.audit.spool;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The two facts that outlive the segments.
///
/// @param spool         identifier under which entries are numbered
/// @param acknowledged  everything up to this number was delivered
record SpoolState(String spool, long acknowledged) {

    byte[] bytes() {
        String facts = spool + " " + acknowledged;
        return (facts + " " + checksum(facts) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// Empty when the bytes are not what [#bytes] wrote.
    static Optional<SpoolState> parse(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.US_ASCII).strip().split(" ", -1);
        if (parts.length != 3 || !parts[0].matches("[0-9a-f]{16}") || !parts[1].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        return checksum(parts[0] + " " + parts[1]).equals(parts[2])
                ? Optional.of(new SpoolState(parts[0], Long.parseLong(parts[1])))
                : Optional.empty();
    }

    private static String checksum(String facts) {
        CRC32C crc = new CRC32C();
        crc.update(facts.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }
}
