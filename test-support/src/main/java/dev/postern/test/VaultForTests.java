package dev.postern.test;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
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
        private static final String PASSWORD = "of-a-moment";

        /// For localhost, leads to itself, and is trusted by nobody else.
        public static Tls selfSigned(Path directory) throws IOException {
            Path store = Files.createDirectories(directory).resolve("server.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "vault",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=vault",
                            "-ext",
                            "san=dns:localhost,ip:127.0.0.1",
                            "-validity",
                            "1",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .start();
            try {
                String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (keytool.waitFor() != 0) {
                    throw new IOException("keytool: " + said);
                }
                KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
                X509Certificate certificate = (X509Certificate) made.getCertificate("vault");
                PrivateKey key = (PrivateKey) made.getKey("vault", PASSWORD.toCharArray());
                return write(directory, certificate, key, certificate);
            } catch (InterruptedException e) {
                throw VaultServer.interrupted(e);
            } catch (GeneralSecurityException e) {
                throw new IOException("what keytool made cannot be read", e);
            }
        }

        /// Writes the files.
        public static Tls write(Path directory, X509Certificate server, PrivateKey key, X509Certificate authority)
                throws IOException {
            Tls tls = new Tls(Files.createDirectories(directory));
            try {
                Files.writeString(tls.certificate(), pem("CERTIFICATE", server.getEncoded()));
                Files.writeString(tls.key(), pem("PRIVATE KEY", key.getEncoded()));
                Files.writeString(tls.authority(), pem("CERTIFICATE", authority.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("what has been issued can be encoded", e);
            }
            return tls;
        }

        private static String pem(String label, byte[] der) {
            return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                    + label + "-----\n";
        }

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

    private static final String NONE =
            "no container engine with an image, and no bao or vault (up to 1.14.8) on the PATH, in POSTERN_VAULT_HOME or"
                    + " in .postern/tools; deploy/vault/build-server.sh makes one";
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final JsonMapper JSON = JsonMapper.shared();

    private final VaultServer server;
    private final HttpClient http;
    private String unsealKey = "";
    private String rootToken = "";

    private VaultForTests(VaultServer server, SSLContext trust) {
        this.server = server;
        this.http = HttpClient.newBuilder().sslContext(trust).build();
    }

    /// Running, initialised, unsealed; or the calling test is skipped.
    ///
    /// @param home an empty directory
    public static VaultForTests startOrSkip(Path home, Tls tls) {
        SSLContext trust = trust(tls.authority());
        Optional<VaultServer> server = VaultServer.start(home, tls);
        if (server.isEmpty() && SAID.compareAndSet(false, true)) {
            // Aborted before its first test, a class leaves no other trace in the build's output.
            System.err.println("[SKIPPED] tests against a Vault: " + NONE);
        }
        Assumptions.assumeTrue(server.isPresent(), NONE);
        VaultForTests started = new VaultForTests(server.get(), trust);
        try {
            started.awaitAnswer();
            started.initialise();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    public URI uri() {
        return URI.create("https://localhost:" + server.port());
    }

    public int port() {
        return server.port();
    }

    public String rootToken() {
        return rootToken;
    }

    /// Whether the server can reach ports of this machine's loopback.
    public boolean onThisHost() {
        return server.onThisHost();
    }

    /// Runs `deploy/vault/setup.sh` as an administrator would.
    public void setUp(Map<String, String> environment) {
        server.script(ProjectFiles.root().resolve("deploy/vault/setup.sh"), environment, rootToken);
    }

    /// The settings with which a service logs in by AppRole and has its certificates from here, as its operator would
    /// give them. The CA's certificate, the platform's one anchor, and the credentials come into files.
    ///
    /// @param home the service's, with a directory `tls`
    public List<String> bootstrap(String service, Path home) throws IOException {
        String role = "auth/approle/role/" + service;
        Path secretId = Files.writeString(
                home.resolve("secret-id"),
                data(api("POST", role + "/secret-id", Map.of("metadata", "{}")), "secret_id"));
        Files.writeString(home.resolve("ca.pem"), data(api("GET", "pki/cert/ca", Map.of()), "certificate"));
        return List.of(
                "--postern.kms.kind=vault",
                "--postern.kms.vault.uri=" + uri(),
                "--postern.kms.vault.ca-certificate=" + new Tls(home.resolve("tls")).authority(),
                "--postern.kms.vault.role-id=" + data(api("GET", role + "/role-id", Map.of()), "role_id"),
                "--postern.kms.vault.secret-id-file=" + secretId,
                "--postern.identity.bootstrap=vault");
    }

    private static String data(JsonNode answer, String member) {
        return answer.path("data").path(member).asString();
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
        server.stop();
    }

    /// After [#stop]: the same data, sealed as any Vault after a start.
    public void startAgain() {
        server.startAgain();
        awaitAnswer();
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
    }

    private void initialise() {
        JsonNode keys = api("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
        unsealKey = keys.path("keys_base64").path(0).asString();
        rootToken = keys.path("root_token").asString();
        unseal();
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
                throw VaultServer.interrupted(e);
            }
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw VaultServer.interrupted(e);
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
