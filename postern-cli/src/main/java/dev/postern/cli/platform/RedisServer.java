package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/// The Redis that a local platform brings along: memory only, loopback only, with a password that is in no command
/// line.
final class RedisServer {
    static final String NAME = "redis";

    private final PosternHome home;
    private final int port;

    RedisServer(PosternHome home, int port) {
        this.home = home;
        this.port = port;
    }

    /// Unpacks the program, writes its configuration (0600) and returns the command line.
    List<String> prepare() {
        Path directory = PrivateFiles.directory(home.data(NAME));
        Path program = directory.resolve("redis-server");
        if (!Files.isExecutable(program)) {
            PrivateFiles.program(program, bundledProgram());
        }
        Path configuration = directory.resolve("redis.conf");
        PrivateFiles.write(configuration, """
                bind 127.0.0.1
                port %d
                protected-mode yes
                requirepass %s
                save ""
                appendonly no
                maxmemory 256mb
                maxmemory-policy noeviction
                dir "%s"
                """.formatted(port, password(), directory));
        return List.of(program.toString(), configuration.toString());
    }

    /// True when it answers `PING` to who knows the password.
    boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(500);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.getOutputStream().write(("AUTH " + password() + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+OK\r\n+PONG\r\n".length());
            return new String(answer, StandardCharsets.US_ASCII).equals("+OK\r\n+PONG\r\n");
        } catch (IOException _) {
            return false;
        }
    }

    private String password() {
        try {
            return Files.readString(home.redisPassword()).strip();
        } catch (IOException e) {
            throw new Failure("The Redis password in " + home.redisPassword() + " cannot be read.", e);
        }
    }

    private static byte[] bundledProgram() {
        OsArchitecture here = OsArchitecture.detectOSandArchitecture();
        String resource = ExecutableProvider.newProvidedVersionsMap().get(here);
        if (resource == null) {
            throw new Failure("No Redis program is bundled for this system ("
                    + System.getProperty("os.name").toLowerCase(Locale.ROOT) + ").");
        }
        try (InputStream program = ExecutableProvider.class.getResourceAsStream(resource)) {
            if (program == null) {
                throw new Failure("The bundled Redis program is missing from the jar.");
            }
            return program.readAllBytes();
        } catch (IOException e) {
            throw new Failure("The bundled Redis program could not be read.", e);
        }
    }
}
