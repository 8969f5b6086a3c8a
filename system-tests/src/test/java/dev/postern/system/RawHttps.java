package dev.postern.system;

import dev.postern.cli.operator.PemIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;

/// Requests byte by byte, as no decent client would send them.
final class RawHttps {
    private RawHttps() {}

    /// The status of the answer to a request whose head is given, without the end of its last line.
    static int status(URI server, Path caCertificate, String head) throws IOException {
        try (SSLSocket socket = (SSLSocket) PemIdentity.trusting(caCertificate)
                .getSocketFactory()
                .createSocket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((head.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = socket.getInputStream().read();
                    b >= 0 && b != '\n';
                    b = socket.getInputStream().read()) {
                line.write(b);
            }
            return Integer.parseInt(line.toString(StandardCharsets.US_ASCII).split(" ", 3)[1]);
        }
    }
}
