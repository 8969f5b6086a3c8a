package dev.postern.vault;

import dev.postern.identity.CertificatePem;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.vault.authentication.AppRoleAuthentication;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.RoleId;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.SecretId;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.ClientCertificateAuthentication;
import org.springframework.vault.authentication.ClientCertificateAuthenticationOptions;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.vault.authentication.KubernetesAuthenticationOptions;
import org.springframework.vault.client.RestClientBuilder;
import org.springframework.vault.client.RestTemplateBuilder;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestOperations;

/// One service's connection to its Vault: TLS, credentials, session, calls. Closed, it gives its token back.
final class VaultConnection implements AutoCloseable {
    private final KmsProperties.Vault settings;
    private final VaultSession session;
    private final VaultLink link;
    private final VaultCondition condition;
    private final HttpClient http;
    private final Clock clock;

    private VaultConnection(
            KmsProperties.Vault settings,
            VaultSession session,
            VaultLink link,
            VaultCondition condition,
            HttpClient http,
            Clock clock) {
        this.settings = settings;
        this.session = session;
        this.link = link;
        this.condition = condition;
        this.http = http;
        this.clock = clock;
    }

    /// Connects and logs in.
    ///
    /// @param scheduler closed with the connection
    /// @throws KeyManagementException with one sentence
    static VaultConnection open(
            KmsProperties.Vault settings,
            MeterRegistry registry,
            Clock clock,
            SecureRandom random,
            ScheduledExecutorService scheduler) {
        FileKeys clientKeys = settings.authentication() == KmsProperties.Authentication.CERTIFICATE
                ? new FileKeys(
                        Objects.requireNonNull(settings.certificateFile()), Objects.requireNonNull(settings.keyFile()))
                : null;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout());
        Path authority = settings.caCertificate();
        if (authority != null) {
            builder.sslContext(tls(authority, clientKeys, random));
        }
        HttpClient http = builder.build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(settings.timeout());
        VaultEndpoint endpoint = VaultEndpoint.from(settings.uri());
        RestClientBuilder clients =
                RestClientBuilder.builder().endpoint(endpoint).requestFactory(requests);
        RestClient client = clients.build();
        VaultCondition condition = new VaultCondition(clock);
        VaultMetrics metrics = new VaultMetrics(registry);
        try {
            VaultSession session = VaultSession.open(
                    credentials(settings, RestTemplateBuilder.builder(clients).build()),
                    client,
                    condition,
                    metrics,
                    settings.probe(),
                    clock,
                    random,
                    scheduler);
            metrics.observe(condition, session, clock);
            VaultLink link = new VaultLink(new VaultTemplate(clients, session), session, condition, metrics);
            return new VaultConnection(settings, session, link, condition, http, clock);
        } catch (RuntimeException e) {
            scheduler.shutdownNow();
            http.shutdownNow();
            throw e;
        }
    }

    VaultKeyManagement keys() {
        return new VaultKeyManagement(link, settings.transitMount(), settings.keyPrefix());
    }

    VaultWrappedSets sets() {
        return new VaultWrappedSets(link, settings.kvMount(), settings.keyPrefix());
    }

    VaultAuthority authority() {
        return authority(settings.pkiRole());
    }

    VaultAuthority authority(String role) {
        return VaultAuthority.open(link, settings.pkiMount(), role, clock);
    }

    VaultLink link() {
        return link;
    }

    VaultCondition condition() {
        return condition;
    }

    VaultSession session() {
        return session;
    }

    @Override
    public void close() {
        session.close();
        http.shutdownNow();
    }

    /// With a `RestTemplate`: over a `RestClient`, Spring Vault 4.0.3 posts these logins without their body.
    private static ClientAuthentication credentials(KmsProperties.Vault settings, RestOperations client) {
        String mount = settings.authMount();
        return switch (settings.authentication()) {
            case APPROLE ->
                () -> new AppRoleAuthentication(
                                AppRoleAuthenticationOptions.builder()
                                        .path(mount == null ? "approle" : mount)
                                        .roleId(RoleId.provided(Objects.requireNonNull(settings.roleId())))
                                        .secretId(SecretId.provided(
                                                line(Objects.requireNonNull(settings.secretIdFile()))))
                                        .build(),
                                client)
                        .login();
            case KUBERNETES ->
                new KubernetesAuthentication(
                        KubernetesAuthenticationOptions.builder()
                                .path(mount == null ? "kubernetes" : mount)
                                .role(Objects.requireNonNull(settings.role()))
                                .jwtSupplier(() -> line(settings.serviceAccountTokenFile()))
                                .build(),
                        client);
            case CERTIFICATE ->
                new ClientCertificateAuthentication(
                        ClientCertificateAuthenticationOptions.builder()
                                .path(mount == null ? "cert" : mount)
                                .role(Objects.requireNonNull(settings.role()))
                                .build(),
                        client);
        };
    }

    private static String line(Path file) {
        try {
            String line = Files.readString(file).strip();
            if (!line.isEmpty()) {
                return line;
            }
        } catch (IOException e) {
            throw new KeyManagementException(
                    Reason.DENIED, "The Vault credential file " + file + " cannot be read.", e);
        }
        throw new KeyManagementException(Reason.DENIED, "The Vault credential file " + file + " is empty.");
    }

    private static SSLContext tls(Path authority, @Nullable FileKeys clientKeys, SecureRandom random) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            List<X509Certificate> certificates = CertificatePem.certificates(Files.readString(authority));
            for (int i = 0; i < certificates.size(); i++) {
                anchors.setCertificateEntry("anchor-" + i, certificates.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    clientKeys == null ? new KeyManager[0] : new KeyManager[] {clientKeys},
                    trust.getTrustManagers(),
                    random);
            return context;
        } catch (IOException | CertificateException e) {
            throw new KeyManagementException(
                    Reason.UNAVAILABLE, "The Vault's CA certificate " + authority + " cannot be read.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK can hold trust anchors in memory", e);
        }
    }
}
