package dev.postern.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A Vault's or OpenBao's server by itself, on one port of this machine, whoever runs it. Its data is on disk.
sealed interface VaultServer permits VaultContainer, VaultProgram {
    /// Started, though it may not answer yet; nothing where there is neither a container engine with the image nor a
    /// program.
    ///
    /// @param home an empty directory
    static Optional<VaultServer> start(Path home, VaultForTests.Tls tls) {
        return VaultContainer.start(home, tls).or(() -> VaultProgram.start(home, tls));
    }

    int port();

    /// Whether the server can reach ports of this machine's loopback.
    boolean onThisHost();

    /// Runs a script of `deploy/vault` with the command line that belongs to the server.
    void script(Path script, Map<String, String> environment, String token);

    /// Ends the process; the port then refuses connections.
    void stop();

    /// After [#stop]: the same data on the same port.
    void startAgain();

    /// Stops for good.
    void close();

    /// Writes what the server is to be started with.
    static Path configure(Path home, VaultForTests.Tls tls, String address) {
        String configuration = """
                disable_mlock = true
                ui = false
                storage "file" {
                  path = "%s"
                }
                listener "tcp" {
                  address = "%s"
                  tls_cert_file = "%s"
                  tls_key_file = "%s"
                }
                """.formatted(home.resolve("data"), address, tls.certificate(), tls.key());
        try {
            return Files.writeString(home.resolve("server.hcl"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
