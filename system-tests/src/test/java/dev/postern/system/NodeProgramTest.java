package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/// A test that is skipped for the wrong reason proves nothing and says nothing.
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@SuppressWarnings("NullAway.Init")
final class NodeProgramTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @BeforeEach
    void nodeIsThere() throws Exception {
        boolean node = NodeProgram.run(directory, Map.of(), PATIENCE, "node", "--version")
                .isPresent();
        boolean npm = NodeProgram.run(directory, Map.of(), PATIENCE, "npm", "--version")
                .isPresent();
        NodeProgram.requireOrSkip(node && npm, "node and npm are not on the PATH.");
    }

    @Test
    void installedWhenLockIsOutOfStepThenFails() throws IOException {
        Files.createDirectories(directory.resolve("a"));
        write("a/package.json", "{\"name\": \"a\", \"version\": \"1.0.0\"}");
        write("package.json", project("a", "file:a"));
        write("package-lock.json", lock("\"\": {\"name\": \"p\", \"version\": \"1.0.0\"}"));

        assertThatThrownBy(() -> NodeProgram.installed(directory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Missing: a@1.0.0 from lock file");
    }

    @Test
    void installedWhenNobodyAnswersThenSkipped() throws IOException {
        fetchingFrom(closedPort());

        assertThatThrownBy(() -> NodeProgram.installed(directory))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("npm cannot reach its registry.");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 503})
    void installedWhenTheRegistryRefusesThenSkipped(int status) throws IOException {
        HttpServer registry = answering(status);
        try {
            fetchingFrom(registry.getAddress().getPort());

            assertThatThrownBy(() -> NodeProgram.installed(directory))
                    .isInstanceOf(TestAbortedException.class)
                    .hasMessageContaining("npm cannot reach its registry.");
        } finally {
            registry.stop(0);
        }
    }

    @Test
    void installedWhenAPackageIsNotThereThenFails() throws IOException {
        HttpServer registry = answering(404);
        try {
            fetchingFrom(registry.getAddress().getPort());

            assertThatThrownBy(() -> NodeProgram.installed(directory))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("E404");
        } finally {
            registry.stop(0);
        }
    }

    private static HttpServer answering(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void fetchingFrom(int port) throws IOException {
        write("package.json", project("x", "1.0.0"));
        write("package-lock.json", lock("""
                "": %s,
                "node_modules/x": {
                  "version": "1.0.0",
                  "resolved": "http://127.0.0.1:%d/x-1.0.0.tgz",
                  "integrity": "sha512-%s=="
                }
                """.formatted(project("x", "1.0.0"), port, "A".repeat(86))));
    }

    @Test
    void runWhenItDoesNotEndThenNothingOfItIsLeft() throws Exception {
        write("parent.js", """
                const { spawn } = require('node:child_process');
                const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
                require('node:fs').writeFileSync('child', String(child.pid));
                """);

        assertThatThrownBy(() -> NodeProgram.run(directory, Map.of(), Duration.ofSeconds(10), "node", "parent.js"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("parent.js");

        long child = Long.parseLong(Files.readString(directory.resolve("child")));
        for (ProcessHandle left : ProcessHandle.of(child).stream().toList()) {
            try {
                assertThat(left.onExit().get(5, TimeUnit.SECONDS).isAlive()).isFalse();
            } finally {
                left.destroyForcibly();
            }
        }
    }

    private static String project(String dependency, String version) {
        return "{\"name\": \"p\", \"version\": \"1.0.0\", \"dependencies\": {\"%s\": \"%s\"}}"
                .formatted(dependency, version);
    }

    private static String lock(String packages) {
        return "{\"name\": \"p\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"packages\": {%s}}"
                .formatted(packages);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return once.getLocalPort();
        }
    }
}
