package dev.postern.cli;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.platform.Kms;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Ports;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.platform.VaultAdmission;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern up`
@Command(name = "up", description = "Starts the platform and waits until it is ready.", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--upstream",
            paramLabel = "URL",
            description = "An OpenAI-compatible server instead of the simulator, such as https://api.example/v1.")
    private @Nullable URI upstream;

    @Option(names = "--upstream-key-file", paramLabel = "FILE", description = "A file that holds the server's API key.")
    private @Nullable Path keyFile;

    @Option(
            names = "--kms",
            paramLabel = "KIND",
            defaultValue = "local",
            description = "local (default), or vault: keys and CA in the Vault or OpenBao that VAULT_ADDR, VAULT_TOKEN"
                    + " and VAULT_CACERT name and deploy/vault/setup.sh has prepared.")
    private Keys keys = Keys.LOCAL;

    private enum Keys {
        LOCAL,
        VAULT
    }

    @Override
    public Integer call() throws InterruptedException {
        if (keyFile != null && !Files.isReadable(keyFile)) {
            throw new Failure("The key file " + keyFile + " cannot be read.");
        }
        Surroundings surroundings =
                Surroundings.real(new Upstream(Optional.ofNullable(upstream), Optional.ofNullable(keyFile)));
        surroundings
                .progress()
                .say("Starting the platform in "
                        + surroundings.settings().home().root());
        if (keys == Keys.VAULT) {
            surroundings = surroundings.withKeysAt(atVault(surroundings));
        }
        surroundings.platform().up();
        printEndpoints(surroundings);
        return 0;
    }

    private static Kms atVault(Surroundings surroundings) throws InterruptedException {
        PosternHome home = surroundings.settings().home();
        VaultAdmission vault = Surroundings.vault();
        // Before anything is written, or asked of the Vault.
        Kms asked = vault.kms(Map.of());
        asked.requireOwn(home);
        if (surroundings.platform().running()) {
            return asked;
        }
        surroundings.platform().requireRestored();
        return vault.admit(home);
    }

    private void printEndpoints(Surroundings surroundings) {
        Ports ports = surroundings.settings().ports();
        System.out.println("base URL for clients   " + ports.endpoint(PlatformService.GATEWAY) + "/v1");
        System.out.println(
                "CA certificate         " + surroundings.settings().home().caCertificate());
        for (PlatformService service : PlatformService.values()) {
            System.out.printf(
                    "%-22s %s   management %s%n",
                    service.artifact(), ports.endpoint(service), ports.managementEndpoint(service));
        }
        System.out.println("model                  "
                + (upstream == null ? ports.simulatorEndpoint() + "/v1 (simulator)" : upstream.toString()));
        System.out.println("a token                ./postern token --client demo --scope \"llm:invoke\"");
    }
}
