package dev.postern.simulator.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 requests (RFC 9112) from one connection: a length or chunked body, `Expect: 100-continue`,
/// keep-alive. Anything else that is legal but unusual is refused by closing the connection: the peers are our own
/// programs and curl.
final class RequestReader {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_BODY = 16 * 1024 * 1024;

    private final InputStream in;
    private final Runnable sendContinue;
    private final byte[] line = new byte[MAX_LINE];
    private boolean keepAlive = true;

    RequestReader(InputStream in, Runnable sendContinue) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 16 * 1024);
        this.sendContinue = sendContinue;
    }

    /// The next request, or nothing when the client has closed the connection between two requests.
    Optional<Request> next() throws IOException {
        String start = readLine();
        if (start == null) {
            return Optional.empty();
        }
        String[] parts = start.split(" ", 3);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP/1.x request line");
        }
        keepAlive = parts[2].equals("HTTP/1.1");
        long length = 0;
        boolean chunked = false;
        for (String header = requireLine(); !header.isEmpty(); header = requireLine()) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header line");
            }
            String value = header.substring(colon + 1).trim().toLowerCase(Locale.ROOT);
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "transfer-encoding" -> chunked = value.equals("chunked");
                case "connection" ->
                    keepAlive = !value.contains("close") && (keepAlive || value.contains("keep-alive"));
                case "expect" -> sendContinue.run();
                default -> {}
            }
        }
        byte[] body = chunked ? readChunks() : readBody(length);
        int query = parts[1].indexOf('?');
        return Optional.of(new Request(parts[0], query < 0 ? parts[1] : parts[1].substring(0, query), body));
    }

    boolean keepAlive() {
        return keepAlive;
    }

    private byte[] readBody(long length) throws IOException {
        if (length < 0 || length > MAX_BODY) {
            throw new IOException("body too large");
        }
        byte[] body = in.readNBytes((int) length);
        if (body.length != length) {
            throw new EOFException("body ended early");
        }
        return body;
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = requireLine();
            int semicolon = size.indexOf(';');
            int length = Integer.parseInt((semicolon < 0 ? size : size.substring(0, semicolon)).trim(), 16);
            if (length == 0) {
                while (!requireLine().isEmpty()) {
                    // trailers carry nothing we use
                }
                return body.toByteArray();
            }
            body.writeBytes(readBody(Math.addExact(body.size(), length) > MAX_BODY ? -1 : length));
            if (!requireLine().isEmpty()) {
                throw new IOException("chunk without its line end");
            }
        }
    }

    private String requireLine() throws IOException {
        String read = readLine();
        if (read == null) {
            throw new EOFException("request ended early");
        }
        return read;
    }

    private @Nullable String readLine() throws IOException {
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (length == 0) {
                    return null;
                }
                throw new EOFException("line ended early");
            }
            if (length == MAX_LINE) {
                throw new IOException("line too long");
            }
            line[length++] = (byte) b;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }
}
