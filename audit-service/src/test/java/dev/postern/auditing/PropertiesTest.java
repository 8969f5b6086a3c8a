package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.auditing.archive.ArchiveProperties;
import dev.postern.auditing.index.IndexProperties;
import dev.postern.auditing.ingest.IngestProperties;
import dev.postern.auditing.ingest.ProducersProperties;
import dev.postern.auditing.monitor.MonitorProperties;
import dev.postern.auditing.retention.RetentionProperties;
import dev.postern.auditing.sequence.AuditLogProperties;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.auditing.syslog.SyslogProperties;
import dev.postern.auditing.witness.WitnessProperties;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private static final String WITNESS =
            "witness.example.com/w1+82ccc88e+BOHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

    private static Binder binder(String name, String value) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(REQUIRED);
        source.put(name, value);
        return new Binder(source);
    }

    @Test
    void theseAreTheNamesAndDefaults() {
        Binder binder = new Binder(new MapConfigurationPropertySource(REQUIRED));
        assertThat(binder.bind("postern.audit-log", AuditLogProperties.class).get())
                .isEqualTo(new AuditLogProperties(
                        Path.of("/audit"), "localhost/audit", Duration.ofMillis(50), ShardSigners.SecondKey.NONE));
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

    @Test
    void whatIsKeptAndWhoIsSilentHaveTheseNamesAndDefaults() {
        Binder binder = new Binder(new MapConfigurationPropertySource(REQUIRED));
        assertThat(binder.bindOrCreate("postern.audit-log.retention", RetentionProperties.class))
                .isEqualTo(new RetentionProperties(Duration.ofDays(90), Duration.ofDays(7)));
        assertThat(binder.bindOrCreate("postern.audit-log.producers", ProducersProperties.class))
                .isEqualTo(new ProducersProperties(Duration.ofMinutes(2), Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "keep, 8d",
        "keep, 36526d",
        "grace, -1d",
        "grace, 36526d",
    })
    void wrongRetentionSettingsStopTheStart(String name, String value) {
        String retention = "postern.audit-log.retention";
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder(retention + "." + name, value).bind(retention, RetentionProperties.class));
    }

    @ParameterizedTest
    @CsvSource({"silent-after, 0s", "silent-after, 24h", "forget-after, 1m"})
    void wrongProducersSettingsStopTheStart(String name, String value) {
        String producers = "postern.audit-log.producers";
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder(producers + "." + name, value).bind(producers, ProducersProperties.class));
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

    @Test
    void theIndexHasTheseNamesAndDefaults() {
        String index = "postern.audit-log.index";
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        assertThat(new Binder(source).bindOrCreate(index, IndexProperties.class))
                .isEqualTo(new IndexProperties(IndexProperties.Kind.SQLITE, "", "postern", null, 8, "postern_index"));
        String url = "jdbc:postgresql://db.example.com:5432/audit?sslmode=verify-full&sslrootcert=/team/ca.pem";
        source.put(index + ".kind", "postgresql");
        source.put(index + ".url", url);
        source.put(index + ".user", "indexer");
        source.put(index + ".password-file", "/team/password");
        source.put(index + ".connections", "3");
        source.put(index + ".schema", "east");
        assertThat(new Binder(source).bind(index, IndexProperties.class).get())
                .isEqualTo(new IndexProperties(
                        IndexProperties.Kind.POSTGRESQL, url, "indexer", Path.of("/team/password"), 3, "east"));
    }

    @ParameterizedTest
    @CsvSource({
        "kind, sqlite",
        "url, ''",
        "url, jdbc:h2:mem:index",
        "url, jdbc:postgresql://db.example.com/audit",
        "url, jdbc:postgresql://localhost.example.com/audit",
        "url, jdbc:postgresql://db.example.com/audit?sslmode=require",
        "url, jdbc:postgresql://db.example.com/audit?sslmode=verify-full&sslmode=disable",
        "url, jdbc:postgresql://db.example.com/audit?sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory",
        "url, 'jdbc:postgresql://localhost,db.example.com/audit'",
        "url, jdbc:postgresql://localhost/audit?password=wordofmine",
        "url, jdbc:postgresql://me:wordofmine@localhost/audit",
        "user, ' '",
        "connections, 0",
        "connections, 65",
        "schema, public; drop",
        "schema, postern_index_rebuild",
    })
    void wrongIndexSettingsStopTheStartAndAreNotPrinted(String name, String value) {
        String index = "postern.audit-log.index";
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        source.put(index + ".kind", "postgresql");
        source.put(index + ".url", "jdbc:postgresql://localhost:5432/audit");
        source.put(index + "." + name, value);
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> new Binder(source).bind(index, IndexProperties.class))
                .havingRootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessageStartingWith("postern.audit-log.index.")
                .withMessageNotContaining("wordofmine");
    }

    @Test
    void theMonitorHasTheseNamesAndDefaults() {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        assertThat(new Binder(source).bindOrCreate("postern.audit.monitor", MonitorProperties.class))
                .isEqualTo(new MonitorProperties(Duration.ofSeconds(5), 200));
        source.put("postern.audit.monitor.pause", "1s");
        source.put("postern.audit.monitor.bundles", "7");
        assertThat(new Binder(source)
                        .bind("postern.audit.monitor", MonitorProperties.class)
                        .get())
                .isEqualTo(new MonitorProperties(Duration.ofSeconds(1), 7));
    }

    @Test
    void witnessesHaveTheseNamesAndDefaults() {
        assertThat(new Binder(new MapConfigurationPropertySource())
                        .bindOrCreate("postern.audit", WitnessProperties.class))
                .isEqualTo(new WitnessProperties(List.of(), Duration.ofSeconds(1), Duration.ofMinutes(5)));
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        source.put("postern.audit.witnesses[0].url", "http://localhost:8190");
        source.put("postern.audit.witnesses[0].vkey", WITNESS);
        source.put("postern.audit.witness-pause", "2s");
        source.put("postern.audit.cosignature-bound", "1m");
        assertThat(new Binder(source)
                        .bind("postern.audit", WitnessProperties.class)
                        .get())
                .isEqualTo(new WitnessProperties(
                        List.of(new WitnessProperties.Endpoint(URI.create("http://localhost:8190"), WITNESS)),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "postern.audit.witnesses[0].url, ftp://localhost",
        "postern.audit.witnesses[0].vkey, nonsense",
        "postern.audit.witnesses[0].vkey, example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "postern.audit.witness-pause, 0s",
        "postern.audit.witness-pause, 11m",
        "postern.audit.cosignature-bound, 3s",
    })
    void wrongWitnessesStopTheStart(String name, String value) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        source.put("postern.audit.witnesses[0].url", "http://localhost:8190");
        source.put("postern.audit.witnesses[0].vkey", WITNESS);
        source.put(name, value);
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> new Binder(source).bind("postern.audit", WitnessProperties.class));
    }

    @Test
    void twoWitnessesOfOneNameStopTheStart() {
        WitnessProperties.Endpoint one = new WitnessProperties.Endpoint(URI.create("http://localhost:1"), WITNESS);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new WitnessProperties(List.of(one, one), Duration.ofSeconds(1), Duration.ofMinutes(1)));
    }

    @Test
    void theCollectorHasTheseNamesAndDefaults() {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        assertThat(new Binder(source).bindOrCreate("postern.audit.syslog", SyslogProperties.class))
                .isEqualTo(new SyslogProperties(null, 6514, null, null, "postern", Duration.ofSeconds(5)));
        source.put("postern.audit.syslog.host", "siem.example.com");
        source.put("postern.audit.syslog.port", "6515");
        source.put("postern.audit.syslog.ca", "/team/siem-ca.pem");
        source.put("postern.audit.syslog.hostname", "postern-1");
        source.put("postern.audit.syslog.linger", "1s");
        assertThat(new Binder(source)
                        .bind("postern.audit.syslog", SyslogProperties.class)
                        .get())
                .isEqualTo(new SyslogProperties(
                        "siem.example.com",
                        6515,
                        Path.of("/team/siem-ca.pem"),
                        null,
                        "postern-1",
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({"port, 0", "port, 65536", "server, spiffe://a/b", "hostname, a b", "linger, 6m", "linger, -1s"})
    void wrongCollectorsStopTheStart(String name, String value) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        source.put("postern.audit.syslog.host", "siem.example.com");
        source.put("postern.audit.syslog.ca", "/team/siem-ca.pem");
        source.put("postern.audit.syslog." + name, value);
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> new Binder(source).bind("postern.audit.syslog", SyslogProperties.class));
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
