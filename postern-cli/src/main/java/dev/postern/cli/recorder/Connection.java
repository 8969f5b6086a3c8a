package dev.postern.cli.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;

/// One connection that is passed on and recorded. Its two directions are two threads'; everything else is any
/// thread's.
final class Connection {
    private final Socket near;
    private final SSLSocket far;
    private volatile boolean withholding;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Connection(Socket near, SSLSocket far) {
        this.near = near;
        this.far = far;
    }

    /// With the far end; the connection is closed when it fails.
    void handshake() throws IOException {
        boolean done = false;
        try {
            far.startHandshake();
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    void sendAll() {
        pass(near, far, sent, () -> false);
    }

    void receiveAll() {
        pass(far, near, received, () -> withholding);
    }

    Recorded recorded() {
        return new Recorded(sent.toByteArray(), received.toByteArray());
    }

    void withhold() {
        withholding = true;
    }

    void close() {
        for (Socket socket : new Socket[] {near, far}) {
            try {
                socket.close();
            } catch (IOException _) {
                // it is broken already
            }
        }
    }

    private void pass(Socket from, Socket to, ByteArrayOutputStream record, BooleanSupplier withheld) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                record.write(buffer, 0, length);
                if (!withheld.getAsBoolean()) {
                    out.write(buffer, 0, length);
                    out.flush();
                }
            }
        } catch (IOException _) {
            // one end is gone, and so must be the other
        }
        if (!withheld.getAsBoolean()) {
            close();
        }
    }
}
