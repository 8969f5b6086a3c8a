package dev.postern.vault;

import dev.postern.kms.Pkcs11Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where this service's keys are managed.
///
/// @param kind `local`: the sealed keyset file of this machine; `vault`: a Vault or OpenBao;
/// `pkcs11`: a hardware security module; `none`: this service keeps no keys
/// @param keysetFile of `local`
/// @param passphraseFile opens it
/// @param vault of `vault`
/// @param pkcs11 of `pkcs11`
@ConfigurationProperties("postern.kms")
record KmsProperties(
        @DefaultValue("local") Kind kind,
        @Nullable Path keysetFile,
        @Nullable Path passphraseFile,
        @Nullable Vault vault,
        @Nullable Pkcs11 pkcs11) {
    enum Kind {
        LOCAL,
        VAULT,
        PKCS11,
        NONE
    }

    /// @param library the PKCS#11 module of the token's maker
    /// @param slotIndex of the token in the module's list of slots
    /// @param pinFile holds the user's PIN
    record Pkcs11(Path library, @DefaultValue("0") int slotIndex, Path pinFile) {
        Pkcs11Settings settings() {
            return new Pkcs11Settings(library, slotIndex, pinFile);
        }
    }

    KmsProperties {
        if (kind == Kind.LOCAL && (keysetFile == null || passphraseFile == null)) {
            throw new IllegalArgumentException(
                    "postern.kms.kind=local wants postern.kms.keyset-file and postern.kms.passphrase-file");
        }
        if (kind == Kind.VAULT) {
            if (vault == null) {
                throw new IllegalArgumentException("postern.kms.kind=vault wants postern.kms.vault");
            }
            vault.requireUsable();
        }
        if (kind == Kind.PKCS11 && pkcs11 == null) {
            throw new IllegalArgumentException("postern.kms.kind=pkcs11 wants postern.kms.pkcs11");
        }
    }

    /// How this service proves to the Vault who it is.
    enum Authentication {
        /// A role id and a secret id, which lies in a file.
        APPROLE,
        /// The pod's service account token.
        KUBERNETES,
        /// A client certificate in PEM files. Not the platform's own: the server names whoever logs in by the common
        /// name, and those have none.
        CERTIFICATE
    }

    /// @param uri of the server; without TLS on loopback only
    /// @param caCertificate PEM of the authority that the server's certificate leads to
    /// @param authMount where the authentication is mounted; the usual name of the kind if absent
    /// @param role of `kubernetes` and `certificate`
    /// @param roleId of `approle`
    /// @param secretIdFile of `approle`; read again at each login
    /// @param serviceAccountTokenFile of `kubernetes`; read again at each login
    /// @param certificateFile of `certificate`; read again for each connection
    /// @param keyFile of `certificate`: PKCS#8; read again for each connection
    /// @param keyPrefix begins the names of this service's keys and sets, as its policy says
    /// @param transitMount engine of the keys
    /// @param kvMount engine (KV v2) of wrapped sets
    /// @param pkiMount engine of the CA, for `postern.ca.kind=vault-pki`
    /// @param pkiRole its role
    /// @param connectTimeout for a connection
    /// @param timeout for an answer
    /// @param probe how often the token and the server are looked at, and the longest pause after failures
    record Vault(
            @DefaultValue("") URI uri,
            @Nullable Path caCertificate,
            Authentication authentication,
            @Nullable String authMount,
            @Nullable String role,
            @Nullable String roleId,
            @Nullable Path secretIdFile,

            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token")
            Path serviceAccountTokenFile,

            @Nullable Path certificateFile,
            @Nullable Path keyFile,
            String keyPrefix,
            @DefaultValue("transit") String transitMount,
            @DefaultValue("postern") String kvMount,
            @DefaultValue("pki") String pkiMount,
            @DefaultValue("postern-workload") String pkiRole,
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("5s") Duration timeout,
            @DefaultValue("10s") Duration probe) {
        /// Asked for with kind `vault` only: a service's own settings of it may be incomplete otherwise.
        void requireUsable() {
            boolean secure = "https".equals(uri.getScheme());
            boolean loopback = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
            if (!secure && !("http".equals(uri.getScheme()) && loopback)) {
                throw new IllegalArgumentException("postern.kms.vault.uri is https, or http on loopback");
            }
            if (secure && caCertificate == null) {
                throw new IllegalArgumentException("postern.kms.vault.uri with https wants ca-certificate");
            }
            if (authentication == Authentication.APPROLE && (roleId == null || secretIdFile == null)) {
                throw new IllegalArgumentException(
                        "postern.kms.vault.authentication=approle wants role-id and secret-id-file");
            }
            if (authentication != Authentication.APPROLE && role == null) {
                throw new IllegalArgumentException("postern.kms.vault.authentication wants role");
            }
            if (authentication == Authentication.CERTIFICATE
                    && (!secure || certificateFile == null || keyFile == null)) {
                throw new IllegalArgumentException(
                        "postern.kms.vault.authentication=certificate wants https, certificate-file and key-file");
            }
            if (!keyPrefix.matches("[a-z0-9][a-z0-9-]{0,62}")) {
                throw new IllegalArgumentException(
                        "postern.kms.vault.key-prefix is of lower-case letters, digits, hyphens");
            }
            if (connectTimeout.toMillis() < 1 || timeout.toMillis() < 1 || probe.toMillis() < 100) {
                throw new IllegalArgumentException("postern.kms.vault has a time that is too short");
            }
        }
    }
}
