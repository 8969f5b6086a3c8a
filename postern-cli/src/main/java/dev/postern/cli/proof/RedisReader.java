package dev.postern.cli.proof;

import dev.postern.cli.terminal.Failure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads all that the local Redis holds, as it holds it (RESP 2). For one thread.
final class RedisReader implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int MOST_STEPS = 10_000;

    private final Socket socket;
    private final InputStream in;

    private RedisReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /// @throws Failure when it is away or the password is wrong
    static RedisReader open(int port, String password) {
        Socket socket = new Socket();
        boolean open = false;
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            RedisReader reader = new RedisReader(socket);
            reader.call("AUTH", password);
            open = true;
            return reader;
        } catch (IOException e) {
            throw new Failure("Redis on port " + port + " cannot be read.", e);
        } finally {
            if (!open) {
                close(socket);
            }
        }
    }

    /// Every key with all octets of its value. What expires meanwhile is left out.
    Map<String, byte[]> everything() {
        try {
            Map<String, byte[]> all = new LinkedHashMap<>();
            String cursor = "0";
            for (int step = 0; step < MOST_STEPS; step++) {
                List<?> page = (List<?>) call("SCAN", cursor, "COUNT", "500");
                for (Object key : (List<?>) page.get(1)) {
                    String name = text(key);
                    all.put(name, value(name));
                }
                cursor = text(page.getFirst());
                if (cursor.equals("0")) {
                    return all;
                }
            }
            throw new Failure("Redis holds too much to be read.");
        } catch (IOException e) {
            throw new Failure("Redis cannot be read.", e);
        }
    }

    private byte[] value(String key) throws IOException {
        Object value = switch (text(call("TYPE", key))) {
            case "string" -> call("GET", key);
            case "hash" -> call("HGETALL", key);
            case "list" -> call("LRANGE", key, "0", "-1");
            case "set" -> call("SMEMBERS", key);
            case "zset" -> call("ZRANGE", key, "0", "-1", "WITHSCORES");
            case "stream" -> call("XRANGE", key, "-", "+");
            default -> new byte[0];
        };
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        collect(value, octets);
        return octets.toByteArray();
    }

    private static void collect(Object value, ByteArrayOutputStream octets) {
        switch (value) {
            case byte[] bytes -> {
                octets.writeBytes(bytes);
                octets.write('\n');
            }
            case List<?> list -> list.forEach(element -> collect(element, octets));
            default -> octets.writeBytes((value + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    private Object call(String... words) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] octets = word.getBytes(StandardCharsets.UTF_8);
            request.writeBytes(("$" + octets.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(octets);
            request.writeBytes(new byte[] {'\r', '\n'});
        }
        request.writeTo(socket.getOutputStream());
        return reply();
    }

    private Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> {
                List<Object> elements = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    elements.add(reply());
                }
                yield elements;
            }
            default -> throw new IOException("Redis refused a command");
        };
    }

    private byte[] bulk(int length) throws IOException {
        if (length < 0) {
            return new byte[0];
        }
        byte[] octets = in.readNBytes(length + 2);
        if (octets.length < length + 2) {
            throw new EOFException();
        }
        return java.util.Arrays.copyOf(octets, length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException();
            }
            line.append((char) octet);
        }
        if (in.read() != '\n' || line.isEmpty()) {
            throw new IOException("not RESP");
        }
        return line.toString();
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing was written.
        }
    }
}
