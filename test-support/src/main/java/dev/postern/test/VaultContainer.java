package dev.postern.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/// The server in a container.
final class VaultContainer implements VaultServer {
    private static final DockerImageName IMAGE = DockerImageName.parse("hashicorp/vault:1.14.8");
    private static final int INSIDE = 8200;

    private final GenericContainer<?> container;
    private final VaultForTests.Tls tls;
    private final int port;

    private VaultContainer(GenericContainer<?> container, VaultForTests.Tls tls, int port) {
        this.container = container;
        this.tls = tls;
        this.port = port;
    }

    static Optional<VaultServer> start(Path home, VaultForTests.Tls tls) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        try {
            int port = VaultServer.freePort();
            Path configuration = VaultServer.configure(home, tls, "0.0.0.0:" + INSIDE);
            GenericContainer<?> container =
                    new GenericContainer<>(IMAGE).withCommand("server", "-config=" + configuration);
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
            return Optional.of(new VaultContainer(container, tls, port));
        } catch (ContainerLaunchException | ContainerFetchException _) {
            // An engine without the image and without a registry: the program serves as well.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean onThisHost() {
        return false;
    }

    @Override
    public void script(Path script, Map<String, String> environment, String token) {
        List<String> command = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(
                // An unknown user has no home, and the CLI wants one.
                "HOME=/tmp",
                "POSTERN_VAULT_CLI=vault",
                "VAULT_ADDR=https://localhost:" + INSIDE,
                "VAULT_TOKEN=" + token,
                "VAULT_CACERT=" + tls.authority(),
                "sh",
                script.toString()));
        try {
            var result = container.execInContainer(command.toArray(String[]::new));
            if (result.getExitCode() != 0) {
                throw new IllegalStateException("failed: " + result.getStderr());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw VaultServer.interrupted(e);
        }
    }

    @Override
    public void stop() {
        var _ = container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void startAgain() {
        var _ = container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
