package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where everything listens on 127.0.0.1. `POSTERN_PORT_OFFSET` shifts all of it, so that a second platform runs beside
/// the first.
public record Ports(int offset) {
    private static final int MOST_OFFSET = 23_000;
    private static final String VARIABLE = "POSTERN_PORT_OFFSET";
    private static final String RECORD = "port-offset";
    private static final int FIRST_REPLICA = 10;
    private static final int LAST_REPLICA = 50;
    private static final int REDIS = 8379;
    private static final int SIMULATOR = 8199;
    private static final int REDACTION_GRPC = 8645;

    public Ports {
        // From 32768 on the system hands ports to outgoing connections: a service could find its own taken.
        if (offset < 0 || offset > MOST_OFFSET) {
            throw new Failure("POSTERN_PORT_OFFSET must be between 0 and " + MOST_OFFSET + ".");
        }
    }

    /// What the environment says, else what the platform in this home was started with.
    public static Ports of(Map<String, String> environment, PosternHome home) {
        Path recorded = home.run().resolve(RECORD);
        if (environment.containsKey(VARIABLE) || !Files.exists(recorded)) {
            return of(environment);
        }
        try {
            return of(Map.of(VARIABLE, Files.readString(recorded)));
        } catch (IOException e) {
            throw new Failure(recorded + " cannot be read.", e);
        }
    }

    void record(PosternHome home) {
        PrivateFiles.write(home.run().resolve(RECORD), Integer.toString(offset));
    }

    static void forget(PosternHome home) {
        try {
            Files.deleteIfExists(home.run().resolve(RECORD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Ports of(Map<String, String> environment) {
        String offset = environment.getOrDefault(VARIABLE, "0").strip();
        try {
            return new Ports(offset.isEmpty() ? 0 : Integer.parseInt(offset));
        } catch (NumberFormatException e) {
            throw new Failure("POSTERN_PORT_OFFSET must be a number.", e);
        }
    }

    public int of(PlatformService service) {
        return service.usualPort() + offset;
    }

    public int management(PlatformService service) {
        return of(service) + 1;
    }

    /// Where the redaction-service takes the relay's stream.
    public int redactionGrpc() {
        return REDACTION_GRPC + offset;
    }

    public int redis() {
        return REDIS + offset;
    }

    public int simulator() {
        return SIMULATOR + offset;
    }

    /// The service's address as certificates and tokens name it.
    public URI endpoint(PlatformService service) {
        return URI.create("https://localhost:" + of(service));
    }

    public URI managementEndpoint(PlatformService service) {
        return URI.create("https://localhost:" + management(service));
    }

    public URI simulatorEndpoint() {
        return URI.create("http://127.0.0.1:" + simulator());
    }

    /// What the services read: `POSTERN_PORTS_TOKEN=8543` and so on.
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (PlatformService service : PlatformService.values()) {
            String name = service.portName().toUpperCase(Locale.ROOT);
            environment.put("POSTERN_PORTS_" + name, Integer.toString(of(service)));
            environment.put("POSTERN_MANAGEMENT_PORTS_" + name, Integer.toString(management(service)));
        }
        environment.put("POSTERN_PORTS_REDACTION_GRPC", Integer.toString(redactionGrpc()));
        environment.put("POSTERN_PORTS_REDIS", Integer.toString(redis()));
        return environment;
    }

    /// Where a second instance of a service may listen: the first free pair of the ones kept for that.
    ///
    /// @throws Failure when there is none
    Replica beside(PlatformService service) {
        for (int port = of(service) + FIRST_REPLICA; port < of(service) + LAST_REPLICA; port += 2) {
            if (isFree(port) && isFree(port + 1)) {
                return new Replica(service, port);
            }
        }
        throw new Failure("No port is free for a second " + service.artifact() + ".");
    }

    /// A second instance's ports.
    ///
    /// @param port and its management port is the next
    record Replica(PlatformService service, int port) {
        Map<String, String> environment() {
            String name = service.portName().toUpperCase(Locale.ROOT);
            return Map.of(
                    "POSTERN_PORTS_" + name,
                    Integer.toString(port),
                    "POSTERN_MANAGEMENT_PORTS_" + name,
                    Integer.toString(port + 1));
        }

        URI endpoint() {
            return URI.create("https://localhost:" + port);
        }

        URI managementEndpoint() {
            return URI.create("https://localhost:" + (port + 1));
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    List<Integer> all() {
        List<Integer> all = new ArrayList<>(List.of(redis(), simulator(), redactionGrpc()));
        for (PlatformService service : PlatformService.values()) {
            all.add(of(service));
            all.add(management(service));
        }
        return all;
    }
}
