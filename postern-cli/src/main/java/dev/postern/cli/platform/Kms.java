package dev.postern.cli.platform;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where the services' keys are managed, and the platform's CA with them.
public sealed interface Kms {
    /// In keyset files of this machine.
    record Local() implements Kms {
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

    /// What a service is told.
    Map<String, String> environment(PlatformService service);
}
