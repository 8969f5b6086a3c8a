package dev.postern.auditing.syslog;

import dev.postern.identity.WorkloadIdentity;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/// A receiver of syslog over TLS as RFC 5425 has it: counts octets, and answers the end of a connection with its own.
public final class TestCollector implements AutoCloseable {
    private static final int MOST_DIGITS = 5;

    /// How connections end.
    enum Manner {
        ORDERLY,
        /// Takes a message and resets the connection.
        RESETS,
        /// Takes a message and ends the connection in order, whatever else was sent.
        ENDS,
        /// Never answers the end.
        SILENT
    }

    private final SSLServerSocket server;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Manner manner = Manner.ORDERLY;

    private TestCollector(SSLServerSocket server) {
        this.server = server;
    }

    /// Listens.
    ///
    /// @param port 0 for any that is free
    public static TestCollector start(WorkloadIdentity identity, int port) throws IOException {
        SSLServerSocket socket = (SSLServerSocket) identity.sslContext()
                .getServerSocketFactory()
                .createServerSocket(port, 10, InetAddress.getLoopbackAddress());
        TestCollector collector = new TestCollector(socket);
        Thread.ofPlatform().daemon().name("test-collector").start(collector::accept);
        return collector;
    }

    int port() {
        return server.getLocalPort();
    }

    void behave(Manner next) {
        manner = next;
    }

    public List<String> messages() {
        return messages;
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> read(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void read(Socket socket) {
        Manner how = manner;
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int length = length(in); length >= 0; length = length(in)) {
                byte[] message = in.readNBytes(length);
                if (message.length < length) {
                    throw new IOException("a message was cut off");
                }
                messages.add(new String(message, StandardCharsets.US_ASCII));
                if (how == Manner.RESETS) {
                    socket.setSoLinger(true, 0);
                }
                if (how == Manner.RESETS || how == Manner.ENDS) {
                    socket.close();
                    return;
                }
            }
            if (how != Manner.SILENT) {
                socket.close();
            }
        } catch (IOException _) {
            // The test sees what came.
        }
    }

    /// The number before a space; -1 at the end.
    private static int length(InputStream in) throws IOException {
        StringBuilder digits = new StringBuilder();
        for (int c = in.read(); c != ' '; c = in.read()) {
            if (c < 0 && digits.isEmpty()) {
                return -1;
            }
            if (c < '0' || c > '9' || digits.length() == MOST_DIGITS) {
                throw new IOException("no length");
            }
            digits.append((char) c);
        }
        return Integer.parseInt(digits.toString());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
