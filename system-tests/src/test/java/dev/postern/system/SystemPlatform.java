package dev.postern.system;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.operator.MetricsSnapshot;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Checkout;
import dev.postern.cli.platform.Heaps;
import dev.postern.cli.platform.Kms;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Ports;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Progress;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One platform of real processes for all test classes, beside whatever platform the developer runs: other ports,
/// another home.
/// It stops when the last class is done.
public final class SystemPlatform implements BeforeAllCallback, ParameterResolver {
    private static final int PORT_OFFSET = 20_000;
    /// Where the page of a web application may be.
    static final int PAGE_PORT = 8080 + PORT_OFFSET;

    private static final Map<String, String> VARIABLES = variables();

    private static Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(Custodians.variables());
        // Short, so that a slow upstream is noticed within a test.
        variables.put("POSTERN_UPSTREAM_RESPONSE_TIMEOUT", "3s");
        variables.put("POSTERN_GATEWAY_CORS_ALLOWED_ORIGINS", "http://localhost:" + PAGE_PORT);
        return Map.copyOf(variables);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    private static Running running(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SystemPlatform.class))
                .computeIfAbsent("platform", _ -> Running.start(), Running.class);
    }

    /// The running platform and the means to look at it.
    public static final class Running implements AutoCloseable {
        private static final PlatformSettings SETTINGS = new PlatformSettings(
                new Checkout(ProjectFiles.root()),
                new PosternHome(ProjectFiles.root().resolve("system-tests/target/home")),
                new Ports(PORT_OFFSET),
                Heaps.usual(),
                Upstream.SIMULATOR,
                Kms.LOCAL,
                VARIABLES,
                Duration.ofMinutes(3));

        private final Platform platform = platform(Map.of());
        private final PlatformHttp operator;
        private final PlatformHttp anyone;

        private Running() throws InterruptedException {
            platform.down();
            clear();
            platform.up();
            this.operator = new PlatformHttp(new Operator(SETTINGS.home()).tls());
            this.anyone = new PlatformHttp(PemIdentity.trusting(SETTINGS.home().caCertificate()));
        }

        private static Running start() {
            try {
                return new Running();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the platform started", e);
            }
        }

        /// The same platform, whose services start with further variables.
        Platform platform(Map<String, String> further) {
            Map<String, String> variables = new HashMap<>(VARIABLES);
            variables.putAll(further);
            return new Platform(
                    SETTINGS.with(variables), new SecureRandom(), Clock.systemUTC(), new Progress(System.err));
        }

        Platform platform() {
            return platform;
        }

        /// The same platform, whose authority gives certificates for half a minute and whose services get such ones
        /// when they start.
        Platform shortLived() {
            return platform(Map.of("POSTERN_CA_CERTIFICATE_TTL", "30s"));
        }

        PlatformSettings settings() {
            return SETTINGS;
        }

        PosternHome home() {
            return SETTINGS.home();
        }

        /// Requests as the operator, with a client certificate.
        PlatformHttp operator() {
            return operator;
        }

        /// Requests as anybody who trusts the platform's CA.
        PlatformHttp anyone() {
            return anyone;
        }

        URI gateway(String path) {
            return endpoint(PlatformService.GATEWAY, path);
        }

        URI endpoint(PlatformService service, String path) {
            return SETTINGS.ports().endpoint(service).resolve(path);
        }

        URI simulator(String path) {
            return SETTINGS.ports().simulatorEndpoint().resolve(path);
        }

        String token() throws InterruptedException {
            return token("llm:invoke", TokenRequest.GATEWAY);
        }

        String token(String scope, String audience) throws InterruptedException {
            return token(TokenRequest.of(demo(), scope, audience));
        }

        String token(TokenRequest request) throws InterruptedException {
            try (TokenClient tokens = tokens()) {
                return tokens.fetch(request);
            }
        }

        TokenClient tokens() {
            return new TokenClient(
                    SETTINGS.ports().endpoint(PlatformService.TOKEN),
                    PemIdentity.trusting(home().caCertificate()),
                    Clock.systemUTC());
        }

        /// The client `demo`.
        ClientKeys demo() {
            return new ClientKeys(home(), "demo");
        }

        /// The admin API, as the client `security`.
        AdminClient admin() {
            return new AdminClient(
                    SETTINGS.ports().endpoint(PlatformService.TOKEN),
                    PemIdentity.trusting(home().caCertificate()),
                    new ClientKeys(home(), "security"),
                    Clock.systemUTC(),
                    new SecureRandom());
        }

        ChatRequests chat() {
            return new ChatRequests(SETTINGS.ports().endpoint(PlatformService.GATEWAY));
        }

        MetricsSnapshot metrics(PlatformService service) throws InterruptedException {
            return MetricsSnapshot.parse(
                    operator.text(SETTINGS.ports().managementEndpoint(service).resolve("/actuator/prometheus")));
        }

        @Override
        public void close() {
            operator.close();
            anyone.close();
            try {
                platform.down();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the platform stopped", e);
            }
        }

        /// Leaves nothing of the last run, and the keys that the services want when they start.
        private static void clear() throws InterruptedException {
            try {
                Directories.delete(SETTINGS.home().root());
                Custodians.make(new PosternCommand(SETTINGS));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
