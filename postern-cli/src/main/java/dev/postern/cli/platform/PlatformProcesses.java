package dev.postern.cli.platform;

import dev.postern.cli.home.JoinTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Knows the command line and the environment of each process of a platform.
final class PlatformProcesses {
    static final String SIMULATOR = "model-simulator";

    private static final int SIMULATOR_HEAP = 96;

    private final PlatformSettings settings;
    private final JoinTokens joinTokens;
    private final ProcessStarter starter;
    private final RedisServer redis;
    private final Map<PlatformService, Program> services = new EnumMap<>(PlatformService.class);

    PlatformProcesses(PlatformSettings settings, JoinTokens joinTokens, ProcessRecords records) {
        this.settings = settings;
        this.joinTokens = joinTokens;
        this.starter = new ProcessStarter(settings.home(), records);
        this.redis = new RedisServer(settings.home(), settings.ports().redis());
        for (PlatformService service : PlatformService.values()) {
            services.put(service, new Program(service.artifact(), settings.checkout()));
        }
    }

    RedisServer redis() {
        return redis;
    }

    Program program(PlatformService service) {
        Program program = services.get(service);
        if (program == null) {
            throw new IllegalStateException("every service has a program");
        }
        return program;
    }

    OwnProcess startRedis() {
        return starter.start(RedisServer.NAME, redis.prepare(), Map.of());
    }

    /// Starts the simulator straight from its jar: it is small and quick without a cache.
    OwnProcess startSimulator() {
        List<String> command = new ArrayList<>(List.of(Program.JAVA.toString()));
        command.addAll(JvmFlags.of(SIMULATOR_HEAP));
        command.add("-jar");
        command.add(settings.checkout().jar(SIMULATOR).toString());
        command.add("--port=" + settings.ports().simulator());
        return starter.start(SIMULATOR, command, Map.of());
    }

    /// Starts a service, with a fresh one-time join token in its data directory.
    OwnProcess start(PlatformService service, Launch launch) {
        Path data = settings.home().data(service.artifact());
        if (service != PlatformService.ROTATION) {
            joinTokens.issue(service.artifact(), data.resolve("join-token"));
        }
        List<String> flags = JvmFlags.of(settings.heaps().of(service));
        return starter.start(service.artifact(), command(program(service), flags, launch), environment(service));
    }

    /// Starts a second instance of a service, with a data directory of its own and further variables.
    OwnProcess startBeside(PlatformService service, String name, Map<String, String> variables) {
        Path data = settings.home().data(name);
        joinTokens.issue(service.artifact(), data.resolve("join-token"));
        Map<String, String> environment = environment(service);
        environment.put("POSTERN_DATA_DIRECTORY", data.toString());
        environment.putAll(variables);
        return starter.start(
                name, command(program(service), JvmFlags.of(settings.heaps().of(service)), Launch.NORMAL), environment);
    }

    static List<String> flags(PlatformService service) {
        return JvmFlags.of(service.heapMegabytes());
    }

    private static List<String> command(Program program, List<String> flags, Launch launch) {
        return switch (launch) {
            case NORMAL -> program.command(flags);
            case TRAINING -> program.trainingCommand(flags);
        };
    }

    private Map<String, String> environment(PlatformService service) {
        Map<String, String> environment = new HashMap<>(settings.ports().environment());
        environment.put("POSTERN_HOME", settings.home().root().toString());
        if (service == PlatformService.RELAY) {
            environment.put(
                    "POSTERN_UPSTREAM_URL",
                    settings.upstream()
                            .url()
                            .map(Object::toString)
                            .orElse(settings.ports().simulatorEndpoint() + "/v1"));
            settings.upstream()
                    .keyFile()
                    .ifPresent(file -> environment.put(
                            "POSTERN_UPSTREAM_KEY_FILE", file.toAbsolutePath().toString()));
        }
        if (service == PlatformService.ROTATION) {
            // Nobody's keys but the owner's of this home: they may drill.
            environment.put("POSTERN_ROTATION_COMPROMISE_DRILLS_ALLOWED", "true");
        }
        environment.putAll(settings.kms().environment(service));
        environment.putAll(settings.environment());
        return environment;
    }
}
