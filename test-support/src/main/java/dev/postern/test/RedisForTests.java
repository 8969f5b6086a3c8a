package dev.postern.test;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import redis.embedded.RedisServer;

/// A real Redis: a container when a Docker engine answers and has the image, else the binary of `embedded-redis`.
///
/// Both ask for [#PASSWORD], bind to loopback and keep nothing on disk. The same assertions run on either.
public final class RedisForTests implements AutoCloseable {
    public static final String PASSWORD = "test-only";

    private static final int REDIS_PORT = 6379;
    private static final DockerImageName IMAGE = DockerImageName.parse("redis:6.2-alpine");

    private final String host;
    private final int port;
    private final Closeable server;

    private RedisForTests(String host, int port, Closeable server) {
        this.host = host;
        this.port = port;
        this.server = server;
    }

    public static RedisForTests start() {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            try {
                return container();
            } catch (ContainerLaunchException | ContainerFetchException _) {
                // An engine without the image and without a registry: the binary serves as well.
            }
        }
        return binary();
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static RedisForTests container() {
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withExposedPorts(REDIS_PORT)
                .withCommand("redis-server", "--requirepass", PASSWORD, "--save", "");
        container.start();
        return new RedisForTests(container.getHost(), container.getMappedPort(REDIS_PORT), container::stop);
    }

    private static RedisForTests binary() {
        try {
            return startOn(freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The binary, on a port that another one has left: a Redis that was restarted.
    public static RedisForTests startOn(int port) {
        try {
            RedisServer server = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("requirepass " + PASSWORD)
                    .setting("save \"\"")
                    .build();
            server.start();
            return new RedisForTests("127.0.0.1", port, server::stop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The binary with TLS, for clients that show a certificate of `authority`; empty if it cannot: it needs OpenSSL 3
    /// on the machine.
    public static Optional<RedisForTests> startTls(Path certificate, Path key, Path authority) {
        try {
            int port = freePort();
            RedisServer server = RedisServer.newRedisServer()
                    .port(0)
                    .bind("127.0.0.1")
                    .setting("tls-port " + port)
                    .setting("tls-cert-file " + certificate)
                    .setting("tls-key-file " + key)
                    .setting("tls-ca-cert-file " + authority)
                    .setting("tls-auth-clients yes")
                    .setting("requirepass " + PASSWORD)
                    .setting("save \"\"")
                    .build();
            server.start();
            return Optional.of(new RedisForTests("127.0.0.1", port, server::stop));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
