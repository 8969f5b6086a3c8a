package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where the services' keys are managed, and the platform's CA with them.
public sealed interface Kms {
    /// In keyset files of this machine.
    record Local() implements Kms {
        @Override
        public void requireOwn(PosternHome home) {
            if (Files.exists(home.caCertificate()) && !hasKeysets(home)) {
                throw new Failure("The keys of the platform in " + home.root()
                        + " are in a Vault: start it with ./postern up --kms vault. If they never were, its keyset is"
                        + " lost: restore a backup.");
            }
        }

        @Override
        public Map<String, String> environment(PlatformService service) {
            return Map.of();
        }
    }

    /// In a Vault that somebody else runs.
    ///
    /// @param caCertificate of the server's certificate; empty for one without TLS, on loopback
    /// @param roleIds of the services that have keys there
    record Vault(URI uri, Optional<Path> caCertificate, Map<PlatformService, String> roleIds) implements Kms {
        public Vault {
            roleIds = Map.copyOf(roleIds);
        }

        @Override
        public void requireOwn(PosternHome home) {
            if (hasKeysets(home)) {
                throw new Failure("The platform in " + home.root()
                        + " has its keys in files there, and cannot go on with a Vault: leave --kms out, or name another"
                        + " home by POSTERN_HOME.");
            }
        }

        @Override
        public Map<String, String> environment(PlatformService service) {
            String roleId = roleIds.get(service);
            if (roleId == null) {
                return Map.of();
            }
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("POSTERN_KMS_KIND", "vault");
            environment.put("POSTERN_KMS_VAULT_URI", uri.toString());
            environment.put("POSTERN_KMS_VAULT_ROLE_ID", roleId);
            caCertificate.ifPresent(file -> environment.put(
                    "POSTERN_KMS_VAULT_CA_CERTIFICATE", file.toAbsolutePath().toString()));
            if (service == PlatformService.ROTATION) {
                environment.put("POSTERN_CA_KIND", "vault-pki");
            }
            return environment;
        }
    }

    Kms LOCAL = new Local();

    /// That a home's keys are managed here, or nowhere yet.
    ///
    /// @throws Failure if they are elsewhere
    void requireOwn(PosternHome home);

    private static boolean hasKeysets(PosternHome home) {
        return Files.exists(home.data(PlatformService.ROTATION.artifact()).resolve("keyset.json"));
    }

    /// What a service is told.
    Map<String, String> environment(PlatformService service);
}
