package dev.postern.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Vault 1.14 or OpenBao over TLS: a container when a Docker engine answers and has the image; else what lies in
/// the directory that `POSTERN_VAULT_HOME` names; else a `bao`, and only where there is none a `vault`, on the PATH or
/// in `.postern/tools`; else the test is skipped, and one line says so. A Vault after 1.14.8 is not taken: it is not
/// under an open-source licence.
///
/// Keeps its data on disk, so that it can be stopped, started, sealed and unsealed, on one port.
public final class VaultForTests implements AutoCloseable {
    /// PEM files in one directory: the server's certificate and key, and the authority they lead to.
    public record Tls(Path directory) {
        public Path certificate() {
            return directory.resolve("server.pem");
        }

        public Path key() {
            return directory.resolve("server-key.pem");
        }

        public Path authority() {
            return directory.resolve("authority.pem");
        }
    }

    private static final DockerImageName IMAGE = DockerImageName.parse("hashicorp/vault:1.14.8");
    private static final Pattern VERSION = Pattern.compile("Vault v(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final String NONE =
            "no container engine with an image, and no bao or vault (up to 1.14.8) on the PATH, in POSTERN_VAULT_HOME or"
                    + " in .postern/tools; deploy/vault/build-server.sh makes one";
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final int INSIDE = 8200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private sealed interface Server {
        record Binary(Path program) implements Server {}

        record Container(GenericContainer<?> container) implements Server {}
    }

    private final Server server;
    private final Path home;
    private final Tls tls;
    private final int port;
    private final HttpClient http;
    private @Nullable Process process;
    private String unsealKey = "";
    private String rootToken = "";

    private VaultForTests(Server server, Path home, Tls tls, int port) {
        this.server = server;
        this.home = home;
        this.tls = tls;
        this.port = port;
        this.http = HttpClient.newBuilder().sslContext(trust(tls.authority())).build();
    }

    /// Running, initialised, unsealed; or the calling test is skipped.
    ///
    /// @param home an empty directory
    public static VaultForTests startOrSkip(Path home, Tls tls) {
        Optional<VaultForTests> vault = container(home, tls).or(() -> binary(home, tls));
        if (vault.isEmpty() && SAID.compareAndSet(false, true)) {
            // Aborted before its first test, a class leaves no other trace in the build's output.
            System.err.println("[SKIPPED] tests against a Vault: " + NONE);
        }
        Assumptions.assumeTrue(vault.isPresent(), NONE);
        VaultForTests started = vault.get();
        try {
            started.initialise();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    public URI uri() {
        return URI.create("https://localhost:" + port);
    }

    public int port() {
        return port;
    }

    public String rootToken() {
        return rootToken;
    }

    /// Whether the server can reach ports of this machine's loopback.
    public boolean onThisHost() {
        return server instanceof Server.Binary;
    }

    /// Runs `deploy/vault/setup.sh` as an administrator would.
    public void setUp(Map<String, String> environment) {
        Path scripts = ProjectFiles.root().resolve("deploy/vault");
        switch (server) {
            case Server.Binary binary -> {
                ProcessBuilder builder =
                        new ProcessBuilder("sh", scripts.resolve("setup.sh").toString());
                builder.environment().putAll(environment);
                builder.environment().put("POSTERN_VAULT_CLI", binary.program().toString());
                for (String prefix : List.of("VAULT", "BAO")) {
                    builder.environment().put(prefix + "_ADDR", uri().toString());
                    builder.environment().put(prefix + "_TOKEN", rootToken);
                    builder.environment()
                            .put(prefix + "_CACERT", tls.authority().toString());
                }
                require(run(builder));
            }
            case Server.Container running -> {
                List<String> command = new ArrayList<>(List.of("env"));
                environment.forEach((name, value) -> command.add(name + "=" + value));
                command.addAll(List.of(
                        // An unknown user has no home, and the CLI wants one.
                        "HOME=/tmp",
                        "POSTERN_VAULT_CLI=vault",
                        "VAULT_ADDR=https://localhost:" + INSIDE,
                        "VAULT_TOKEN=" + rootToken,
                        "VAULT_CACERT=" + tls.authority(),
                        "sh",
                        scripts.resolve("setup.sh").toString()));
                try {
                    var result = running.container().execInContainer(command.toArray(String[]::new));
                    require(result.getExitCode() == 0 ? "" : "failed: " + result.getStderr());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
    }

    /// As the root token. Members of an answer are under `data`, `auth`, and so on, as the server has them.
    public JsonNode api(String method, String path, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri().resolve("/v1/" + path))
                .method(
                        method,
                        body.isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!rootToken.isEmpty()) {
            request.header("X-Vault-Token", rootToken);
        }
        HttpResponse<String> answer = send(request.build());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(
                    method + " " + path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    public void seal() {
        api("PUT", "sys/seal", Map.of());
    }

    public void unseal() {
        api("PUT", "sys/unseal", Map.of("key", unsealKey));
    }

    /// Stops the server's process; its port then refuses connections.
    public void stop() {
        switch (server) {
            case Server.Binary _ -> {
                Process running = process;
                if (running != null) {
                    running.destroy();
                    await(running);
                }
            }
            case Server.Container running -> {
                var _ = running.container()
                        .getDockerClient()
                        .stopContainerCmd(running.container().getContainerId())
                        .exec();
            }
        }
    }

    /// After [#stop]: the same data, sealed as any Vault after a start.
    public void startAgain() {
        switch (server) {
            case Server.Binary binary -> launch(binary.program());
            case Server.Container running -> {
                var _ = running.container()
                        .getDockerClient()
                        .startContainerCmd(running.container().getContainerId())
                        .exec();
                awaitAnswer();
            }
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        switch (server) {
            case Server.Binary _ -> stop();
            case Server.Container running -> running.container().stop();
        }
    }

    private void initialise() {
        JsonNode keys = api("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
        unsealKey = keys.path("keys_base64").path(0).asString();
        rootToken = keys.path("root_token").asString();
        unseal();
    }

    private static Optional<VaultForTests> container(Path home, Tls tls) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        try {
            int port = freePort();
            configure(home, tls, "0.0.0.0:" + INSIDE);
            GenericContainer<?> container =
                    new GenericContainer<>(IMAGE).withCommand("server", "-config=" + home.resolve("server.hcl"));
            // As who runs the tests: the image's own user could not write to the directory, and we not remove what it
            // wrote. The image's entry point would change users.
            String user = Files.getAttribute(home, "unix:uid") + ":" + Files.getAttribute(home, "unix:gid");
            container.withCreateContainerCmdModifier(
                    command -> command.withEntrypoint("vault").withUser(user));
            // The same paths inside as outside, and the same port after a restart.
            Path scripts = ProjectFiles.root().resolve("deploy/vault");
            for (Path directory : List.of(home, tls.directory(), scripts)) {
                container.withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_WRITE);
            }
            container.setPortBindings(List.of(port + ":" + INSIDE));
            container.start();
            VaultForTests vault = new VaultForTests(new Server.Container(container), home, tls, port);
            vault.awaitAnswer();
            return Optional.of(vault);
        } catch (ContainerLaunchException | ContainerFetchException _) {
            // An engine without the image and without a registry: the binary serves as well.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<VaultForTests> binary(Path home, Tls tls) {
        return program().map(found -> {
            int port = freePort();
            configure(home, tls, "127.0.0.1:" + port);
            VaultForTests vault = new VaultForTests(new Server.Binary(found), home, tls, port);
            vault.launch(found);
            return vault;
        });
    }

    private static Optional<Path> program() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return program(
                Optional.ofNullable(System.getenv("POSTERN_VAULT_HOME")).orElse(""),
                Stream.concat(
                                Stream.of(path.split(":")),
                                Stream.of(ProjectFiles.root()
                                        .resolve(".postern/tools")
                                        .toString()))
                        .toList());
    }

    /// @param chosen a directory that comes before all others; blank for none
    static Optional<Path> program(String chosen, List<String> directories) {
        return Stream.of(
                        in(List.of(chosen), "bao"),
                        in(List.of(chosen), "vault"),
                        in(directories, "bao"),
                        in(directories, "vault"))
                .flatMap(found -> found)
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .filter(VaultForTests::isOpenSource)
                .findFirst();
    }

    private static Stream<Path> in(List<String> directories, String name) {
        return directories.stream()
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, name));
    }

    private static boolean isOpenSource(Path program) {
        String version = run(new ProcessBuilder(program.toString(), "version"));
        Matcher vault = VERSION.matcher(version);
        if (!vault.find()) {
            return version.contains("OpenBao");
        }
        int[] parts = {number(vault, 1), number(vault, 2), number(vault, 3)};
        return parts[0] == 1 && (parts[1] < 14 || (parts[1] == 14 && parts[2] <= 8));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static void configure(Path home, Tls tls, String address) {
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
            Files.writeString(home.resolve("server.hcl"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(Path program) {
        try {
            Process started = new ProcessBuilder(program.toString(), "server", "-config=" + home.resolve("server.hcl"))
                    .redirectErrorStream(true)
                    .start();
            process = started;
            BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
            StringBuilder said = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.contains("server started!")) {
                    Thread.ofPlatform().daemon().name("vault-output").start(() -> drain(output));
                    return;
                }
            }
            throw new IllegalStateException("the Vault did not start:\n" + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // An unread pipe would stop the server.
            }
        } catch (IOException _) {
            // It ended.
        }
    }

    private void awaitAnswer() {
        HttpRequest question =
                HttpRequest.newBuilder(uri().resolve("/v1/sys/seal-status")).build();
        for (long end = System.nanoTime() + 30_000_000_000L; ; ) {
            try {
                var _ = http.send(question, BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new UncheckedIOException(e);
                }
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// What it printed; the whole as an error if it failed.
    private static String run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return await(process) == 0 ? output : "failed: " + output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String outcome) {
        if (outcome.startsWith("failed: ")) {
            throw new IllegalStateException(outcome);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trust(Path authority) {
        try (var pem = Files.newInputStream(authority)) {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            anchors.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(anchors);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
