package dev.postern.auditing.syslog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A collector behind TLS 1.3 (RFC 5425). Shows this service's certificate to one that asks for it.
final class TlsCollector implements Collector {
    private static final int BUFFER = 1 << 16;
    /// A collector that keeps sending is none.
    private static final int MOST_ANSWER = 1 << 16;

    private final String host;
    private final int port;
    private final Supplier<SSLContext> tls;
    private final boolean byName;
    private final Patience patience;

    /// How long it is waited.
    ///
    /// @param answer   for a connection, and for each answer
    /// @param longest  of one connection: one that blocks is cut off
    record Patience(Duration answer, Duration longest) {}

    /// @param tls     asked for each connection, since certificates are renewed
    /// @param byName  whether the certificate must have the host's name
    TlsCollector(String host, int port, Supplier<SSLContext> tls, boolean byName, Patience patience) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.byName = byName;
        this.patience = patience;
    }

    @Override
    public Delivery connect() throws IOException {
        Socket plain = new Socket();
        CountDownLatch done = new CountDownLatch(1);
        try {
            int millis = Math.toIntExact(patience.answer().toMillis());
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            plain.setTcpNoDelay(true);
            watch(plain, done);
            SSLSocket socket = (SSLSocket) tls.get().getSocketFactory().createSocket(plain, host, port, false);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            if (byName) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            plain.setSoTimeout(0);
            return new TlsDelivery(plain, socket, patience.answer(), done);
        } catch (IOException | RuntimeException e) {
            done.countDown();
            plain.close();
            throw e;
        }
    }

    /// A write to somebody who does not read has no time-out of its own.
    private void watch(Socket plain, CountDownLatch done) {
        Thread.ofVirtual().name("audit-syslog-watch").start(() -> {
            try {
                if (!done.await(patience.longest().toMillis(), TimeUnit.MILLISECONDS)) {
                    plain.close();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException _) {
                // It is closed as far as that goes.
            }
        });
    }

    private static final class TlsDelivery implements Delivery {
        private final Socket plain;
        private final SSLSocket socket;
        private final Duration patience;
        private final OutputStream out;
        private final CountDownLatch done;
        /// Completes when the collector has said that it ends.
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        TlsDelivery(Socket plain, SSLSocket socket, Duration patience, CountDownLatch done) throws IOException {
            this.plain = plain;
            this.socket = socket;
            this.patience = patience;
            this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
            this.done = done;
            Thread.ofVirtual().name("audit-syslog-answer").start(this::read);
        }

        private void read() {
            try {
                InputStream in = socket.getInputStream();
                for (int read = 0; in.read() >= 0; read++) {
                    if (read == MOST_ANSWER) {
                        throw new IOException("the collector sends and does not end");
                    }
                }
                ended.complete(null);
            } catch (IOException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        }

        @Override
        public void send(byte[] frame) throws IOException {
            out.write(frame);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void confirm() throws IOException {
            out.flush();
            if (ended.isDone()) {
                throw new IOException("the collector ended the connection by itself, and may not have read everything");
            }
            // Sends close_notify. Who answers with its own has read everything before it.
            socket.shutdownOutput();
            try {
                ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IOException("the connection to the collector broke: " + e.getCause(), e);
            } catch (TimeoutException e) {
                throw new IOException("the collector does not answer the end of a connection", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
            requireNoReset();
        }

        /// Whoever ended by itself at that moment, with something unread, resets the connection.
        private void requireNoReset() throws IOException {
            plain.setSoTimeout(Math.toIntExact(patience.toMillis()));
            try {
                var _ = plain.getInputStream().read();
            } catch (SocketTimeoutException _) {
                // It has answered, and keeps the connection.
            }
        }

        @Override
        public void close() {
            done.countDown();
            try {
                plain.close();
            } catch (IOException _) {
                // Nothing more is wanted of it.
            }
        }
    }
}
