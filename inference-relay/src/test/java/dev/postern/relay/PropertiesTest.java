package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.relay.admission.AdmissionProperties;
import dev.postern.relay.capture.CaptureProperties;
import dev.postern.relay.journal.JournalProperties;
import dev.postern.relay.keys.AeadFailuresProperties;
import dev.postern.relay.redaction.RedactionProperties;
import dev.postern.relay.server.ServerProperties;
import dev.postern.relay.session.SessionProperties;
import dev.postern.relay.upstream.UpstreamProperties;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Defaults, names and limits of the configuration.
class PropertiesTest {
    @Test
    void defaults() {
        assertThat(bind("postern.relay.server", ServerProperties.class, Map.of()))
                .isEqualTo(new ServerProperties(
                        "127.0.0.1", 8743, 0, 32768, Duration.ofSeconds(5), Duration.ofSeconds(10)));
        assertThat(bind("postern.relay.admission", AdmissionProperties.class, Map.of()))
                .isEqualTo(new AdmissionProperties(
                        "urn:postern:relay",
                        Duration.ofMinutes(8),
                        Duration.ofMinutes(15),
                        20000,
                        256,
                        100,
                        200,
                        2,
                        256));
        assertThat(bind("postern.relay.session", SessionProperties.class, Map.of()))
                .isEqualTo(new SessionProperties(
                        4 << 20,
                        16 << 20,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        1024,
                        1024,
                        Duration.ofSeconds(30)));
        assertThat(bind("postern.relay.journal", JournalProperties.class, Map.of()))
                .isEqualTo(new JournalProperties(64 << 20));
        assertThat(bind("postern.relay.capture", CaptureProperties.class, Map.of()))
                .isEqualTo(new CaptureProperties(null, Set.of(), 256 << 10));
        assertThat(bind("postern.relay.aead-failures", AeadFailuresProperties.class, Map.of()))
                .isEqualTo(new AeadFailuresProperties(100, Duration.ofMinutes(1)));
        assertThat(bind("postern.relay.redaction", RedactionProperties.class, Map.of()))
                .isEqualTo(new RedactionProperties(
                        "localhost",
                        8645,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        32 << 20,
                        new RedactionProperties.Batch(1, 64, Duration.ofMillis(20))));
        assertThat(bind("postern.upstream", UpstreamProperties.class, Map.of()))
                .isEqualTo(new UpstreamProperties(
                        URI.create("http://127.0.0.1:8199/v1"),
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        1 << 20,
                        16 << 20,
                        "primary",
                        List.of()));
    }

    @Test
    void capturing() {
        CaptureProperties capture = bind(
                "postern.relay.capture",
                CaptureProperties.class,
                Map.of("custodians", "/team/custodians", "tenants", "acme,other", "longest", "1024"));
        assertThat(capture)
                .isEqualTo(new CaptureProperties(Path.of("/team/custodians"), Set.of("acme", "other"), 1024));
        refused("postern.relay.capture", CaptureProperties.class, "tenants", "*");
        refused("postern.relay.capture", CaptureProperties.class, "longest", "0");
        refused("postern.relay.capture", CaptureProperties.class, "longest", "1048577");
    }

    @Test
    void names() {
        UpstreamProperties upstream = bind(
                "postern.upstream",
                UpstreamProperties.class,
                Map.of("url", "https://models.example/v1", "key-file", "/k", "response-timeout", "5s"));
        assertThat(upstream.url()).isEqualTo(URI.create("https://models.example/v1"));
        assertThat(upstream.keyFile()).isEqualTo(Path.of("/k"));
        assertThat(upstream.responseTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(bind(
                                "postern.upstream",
                                UpstreamProperties.class,
                                Map.of(
                                        "fallbacks[0].name",
                                        "spare",
                                        "fallbacks[0].url",
                                        "https://spare.example/v1",
                                        "fallbacks[0].key-file",
                                        "/k2",
                                        "fallbacks[0].models[meta/large.1]",
                                        "own-name"))
                        .fallbacks())
                .containsExactly(new UpstreamProperties.Endpoint(
                        "spare",
                        URI.create("https://spare.example/v1"),
                        Path.of("/k2"),
                        Map.of("meta/large.1", "own-name")));
        assertThat(bind("postern.relay.server", ServerProperties.class, Map.of("max-connections", "7"))
                        .maxConnections())
                .isEqualTo(7);
    }

    @Test
    void limits() {
        refused("postern.upstream", UpstreamProperties.class, "url", "ftp://x");
        refused("postern.upstream", UpstreamProperties.class, "idle-timeout", "0s");
        refused("postern.upstream", UpstreamProperties.class, "patience", "0s");
        refused("postern.upstream", UpstreamProperties.class, "name", "No Name");
        refused(
                "postern.upstream",
                UpstreamProperties.class,
                Map.of("fallbacks[0].name", "a", "fallbacks[0].url", "x"));
        refused(
                "postern.upstream",
                UpstreamProperties.class,
                Map.of("fallbacks[0].name", "primary", "fallbacks[0].url", "http://x/v1"));
        refused("postern.relay.server", ServerProperties.class, "port", "65536");
        refused("postern.relay.admission", AdmissionProperties.class, "key-period", "299s");
        refused("postern.relay.admission", AdmissionProperties.class, "key-period", "601s");
        refused("postern.relay.admission", AdmissionProperties.class, "session-life", "16m");
        refused("postern.relay.aead-failures", AeadFailuresProperties.class, "threshold", "0");
        refused("postern.relay.aead-failures", AeadFailuresProperties.class, "threshold", "10001");
        refused("postern.relay.aead-failures", AeadFailuresProperties.class, "window", "999ms");
        refused("postern.relay.aead-failures", AeadFailuresProperties.class, "window", "11m");
        refused("postern.relay.session", SessionProperties.class, "max-requests", "0");
        refused("postern.relay.journal", JournalProperties.class, "max-bytes", "-1");
        refused("postern.relay.redaction", RedactionProperties.class, "timeout", "-1s");
        refused("postern.relay.redaction", RedactionProperties.class, "max-waiting-bytes", "0");
        refused("postern.relay.redaction", RedactionProperties.class, "batch.least", "0");
        refused("postern.relay.redaction", RedactionProperties.class, "batch.most", "0");
        refused("postern.relay.redaction", RedactionProperties.class, "batch.target", "0s");
    }

    private static void refused(String prefix, Class<?> type, String name, String value) {
        refused(prefix, type, Map.of(name, value));
    }

    private static void refused(String prefix, Class<?> type, Map<String, String> values) {
        assertThatThrownBy(() -> bind(prefix, type, values))
                .isInstanceOf(BindException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put(prefix + "." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed)).bindOrCreate(prefix, type);
    }
}
