package dev.postern.relay.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A whole answer: its one document, or its events in order. Not printed.
public record Result(boolean streamed, List<byte[]> contents) {
    /// What is kept of an answer at most; of a longer one only that it was given.
    public static final int MOST_BYTES = 256 * 1024;

    public Result {
        contents = List.copyOf(contents);
    }

    /// How many octets [#toBytes] gives.
    int size() {
        return 1
                + contents.stream()
                        .mapToInt(content -> Integer.BYTES + content.length)
                        .sum();
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(streamed);
            for (byte[] content : contents) {
                out.writeInt(content.length);
                out.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Reads what [#toBytes] wrote and nobody else can have.
    static Result of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean streamed = in.readBoolean();
            List<byte[]> contents = new ArrayList<>();
            while (in.available() > 0) {
                contents.add(in.readNBytes(in.readInt()));
            }
            return new Result(streamed, contents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "Result[" + contents.size() + " contents]";
    }
}
