package dev.postern.cli.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// One HTTP/1.1 connection that costs next to nothing itself: the same request again and again, answers read and thrown
/// away.
final class KeepAliveConnection implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] line = new byte[8 * 1024];
    private boolean kept = true;

    KeepAliveConnection(URI address, Optional<SSLContext> tls) throws IOException {
        Socket plain = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), address.getPort());
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(TIMEOUT_MS);
        this.socket = tls.isPresent() ? secured(plain, address, tls.get()) : plain;
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = socket.getOutputStream();
    }

    /// Sends the bytes of a whole request and returns the answer's status once its body has been read.
    int exchange(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        String head = line();
        int status = Integer.parseInt(head.substring(9, 12));
        long length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).trim());
            } else if (lower.startsWith("connection:") && lower.contains("close")) {
                kept = false;
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        if (chunked) {
            skipChunks();
        } else {
            in.skipNBytes(length);
        }
        return status;
    }

    /// Whether the server takes another request on this connection: some close it after a number of them.
    boolean kept() {
        return kept;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void skipChunks() throws IOException {
        while (true) {
            int length = Integer.parseInt(line().trim(), 16);
            in.skipNBytes(length);
            if (!line().isEmpty()) {
                throw new IOException("chunk without its line end");
            }
            if (length == 0) {
                return;
            }
        }
    }

    private String line() throws IOException {
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (length == line.length) {
                throw new IOException("line too long");
            }
            line[length++] = (byte) b;
        }
        return new String(line, 0, Math.max(0, length - 1), StandardCharsets.ISO_8859_1);
    }

    private static SSLSocket secured(Socket plain, URI address, SSLContext tls) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, address.getHost(), address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
