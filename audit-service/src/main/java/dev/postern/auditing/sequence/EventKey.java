package dev.postern.auditing.sequence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The identity of an event, `source` and `id`, as 128 bits of their SHA-256: the index of millions of events must fit
/// into
/// memory, and producers are authenticated, so nobody gains by a collision of their own events.
record EventKey(long high, long low) {

    static EventKey of(String source, String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((source + "\n" + id).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.wrap(digest);
            return new EventKey(bytes.getLong(), bytes.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
