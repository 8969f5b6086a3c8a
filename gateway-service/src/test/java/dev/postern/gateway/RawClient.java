package dev.postern.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that says what no well-behaved one would: any Host, any header, byte for byte.
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT = 20_000;

    private final SSLSocket socket;

    RawClient(SSLContext tls, int port) throws IOException {
        socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port);
        socket.setSoTimeout(TIMEOUT);
    }

    /// The status of a GET; the connection may be used again.
    ///
    /// @param headers each with its line break
    int get(String target, String host, String headers) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
        String head = head();
        int length = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .map(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
        socket.getInputStream().readNBytes(length);
        return Integer.parseInt(head.split(" ", 3)[1]);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// When the TLS session began that this connection has, its own or one that it resumed.
    long sessionBegan() {
        return socket.getSession().getCreationTime();
    }

    /// Of the certificate that the server has shown.
    BigInteger serverSerial() throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /// The next answer's status line and header.
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("the server closed the connection");
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
