package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.auditing.archive.ArchiveProperties;
import dev.postern.auditing.ingest.IngestProperties;
import dev.postern.auditing.sequence.AuditLogProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

final class PropertiesTest {

    private static final Map<String, String> REQUIRED = Map.of("postern.audit-log.directory", "/audit");

    private static Binder binder(String name, String value) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(REQUIRED);
        source.put(name, value);
        return new Binder(source);
    }

    @Test
    void theseAreTheNamesAndDefaults() {
        Binder binder = new Binder(new MapConfigurationPropertySource(REQUIRED));
        assertThat(binder.bind("postern.audit-log", AuditLogProperties.class).get())
                .isEqualTo(new AuditLogProperties(Path.of("/audit"), "localhost/audit", Duration.ofMillis(50)));
        assertThat(binder.bindOrCreate("postern.audit-log.ingest", IngestProperties.class))
                .isEqualTo(
                        new IngestProperties(DataSize.ofMegabytes(1), DataSize.ofKilobytes(48), Duration.ofSeconds(8)));
        assertThat(binder.bindOrCreate("postern.audit.archive", ArchiveProperties.class))
                .isEqualTo(new ArchiveProperties(null, Duration.ofHours(1)));
        assertThat(binder("postern.audit.archive.custodians", "/team/custodians")
                        .bind("postern.audit.archive", ArchiveProperties.class)
                        .get()
                        .custodians())
                .isEqualTo(Path.of("/team/custodians"));
    }

    @ParameterizedTest
    @CsvSource({
        "postern.audit-log.origin, localhost",
        "postern.audit-log.origin, https://localhost/audit",
        "postern.audit-log.publication-pause, 2m",
    })
    void wrongLogSettingsStopTheStart(String name, String value) {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder(name, value).bind("postern.audit-log", AuditLogProperties.class));
    }

    @ParameterizedTest
    @CsvSource({"postern.audit-log.ingest.max-event, 64KB", "postern.audit-log.ingest.max-batch, 1KB"})
    void wrongIngestSettingsStopTheStart(String name, String value) {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder(name, value).bind("postern.audit-log.ingest", IngestProperties.class));
    }

    @ParameterizedTest
    @CsvSource({"postern.audit.archive.patience, 0s", "postern.audit.archive.patience, 25h"})
    void wrongArchiveSettingsStopTheStart(String name, String value) {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder(name, value).bind("postern.audit.archive", ArchiveProperties.class));
    }
}
