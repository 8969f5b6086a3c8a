package dev.postern.auditing.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.auditing.s3.ObjectLock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CopyConfigurationTest {
    private static final String COPY = "postern.audit.copy";
    private static final Map<String, String> REQUIRED =
            Map.of(COPY + ".bucket", "audit-copy", COPY + ".region", "eu-central-1", COPY + ".credentials-file", "/s3");

    private static CopyProperties with(String name, String value) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(REQUIRED);
        source.put(COPY + "." + name, value);
        return new Binder(source).bind(COPY, CopyProperties.class).get();
    }

    @Test
    void theseAreTheNamesAndDefaults() {
        assertThat(with("prefix", ""))
                .isEqualTo(new CopyProperties(
                        "audit-copy",
                        "eu-central-1",
                        null,
                        "",
                        Path.of("/s3"),
                        ObjectLock.Mode.COMPLIANCE,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(15)));
        assertThat(with("endpoint", "https://s3.example.com:9000").endpoint())
                .isEqualTo(URI.create("https://s3.example.com:9000"));
        assertThat(with("endpoint", "http://127.0.0.1:9000").endpoint()).isNotNull();
        assertThat(with("prefix", "a/b/").prefix()).isEqualTo("a/b/");
        assertThat(with("mode", "governance").mode()).isEqualTo(ObjectLock.Mode.GOVERNANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "bucket, Not_A_Bucket, name of an S3 bucket",
        "region, '', set it",
        "endpoint, http://s3.example.com, HTTPS",
        "endpoint, https://s3.example.com/path, without a path",
        "endpoint, https://key:secret@s3.example.com, HTTPS",
        "prefix, no-slash, slash after each",
        "prefix, ../, slash after each",
        "credentials-file, '', secret access key on its second",
        "pause, 0s, an hour at most",
        "pause, 61m, an hour at most",
        "behind-bound, 1m, at least twice",
    })
    void wrongSettingsStopTheStartAndSayWhatToDo(String name, String value, String sentence) {
        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> with(name, value))
                .havingRootCause()
                .withMessageContaining(COPY)
                .withMessageContaining(sentence);
    }

    @Test
    void credentialsWhenTheyCannotBeReadThenTheStartEndsWithASentence(@TempDir Path home) {
        CopyProperties properties =
                with("credentials-file", home.resolve("none").toString());
        assertThatExceptionOfType(CopyUnusable.class)
                .isThrownBy(() -> new CopyConfiguration().copyBucket(properties))
                .withMessageContaining("postern.audit.copy.credentials-file")
                .withMessageContaining("access key id on its first line");
    }
}
