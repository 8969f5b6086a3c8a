package dev.postern.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Ends TLS before a Redis that knows none, demands a certificate, and remembers whose were shown.
final class TlsFront implements AutoCloseable {
    private final ServerSocket socket;
    private final SSLContext tls;
    private final int redis;
    private final List<BigInteger> shown = new CopyOnWriteArrayList<>();
    private final Set<SSLSocket> open = ConcurrentHashMap.newKeySet();

    TlsFront(SSLContext tls, int redis) throws IOException {
        this.tls = tls;
        this.redis = redis;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /// Serial numbers of the certificates that were shown, in order.
    List<BigInteger> shown() {
        return List.copyOf(shown);
    }

    /// Serial numbers of the certificates behind the connections that there are now.
    List<BigInteger> connected() {
        return open.stream().map(TlsFront::serial).toList();
    }

    private static BigInteger serial(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket plain = socket.accept();
                Thread.ofVirtual().start(() -> serve(plain));
            } catch (IOException _) {
                // Closed.
            }
        }
    }

    private void serve(Socket plain) {
        try (plain;
                SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, 0, true);
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), redis)) {
            secured.setUseClientMode(false);
            secured.setNeedClientAuth(true);
            secured.startHandshake();
            open.add(secured);
            shown.add(serial(secured));
            try {
                Thread answers = Thread.ofVirtual().start(() -> copy(behind, secured));
                copy(secured, behind);
                answers.join();
            } finally {
                open.remove(secured);
            }
        } catch (IOException | InterruptedException _) {
            // The client's side tells.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8_192];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                out.write(some, 0, read);
                out.flush();
            }
        } catch (IOException _) {
            // Either end is gone, and with it the other.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (SSLSocket each : open) {
            each.close();
        }
    }
}
