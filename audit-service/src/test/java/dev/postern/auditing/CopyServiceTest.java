package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.auditing.s3.TestBucket;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The service with a second store, as it is configured.
class CopyServiceTest {
    @TempDir
    Path home;

    @Test
    @Timeout(60)
    void logWhenASecondStoreIsConfiguredThenItIsThere() throws Exception {
        try (TestBucket bucket = new TestBucket(home);
                RunningService service = RunningService.start(
                        home,
                        List.of(
                                "--postern.audit.copy.bucket=" + bucket.name,
                                "--postern.audit.copy.region=us-east-1",
                                "--postern.audit.copy.endpoint=" + bucket.endpoint(),
                                "--postern.audit.copy.credentials-file=" + bucket.credentials,
                                "--postern.audit.copy.pause=50ms"))) {
            bucket.await("log/localhost/audit/root/checkpoint");
            assertThat(bucket.names())
                    .contains("vkeys/root.vkey")
                    .anyMatch(name -> name.matches("vkeys/[0-9]{4}w[0-9]{2}.vkey"));
            MeterRegistry metrics = service.bean(MeterRegistry.class);
            assertThat(metrics.get("postern.audit.copy.age").gauge().value()).isBetween(0.0, 60.0);
            assertThat(metrics.get("postern.audit.copy.contradictions")
                            .functionCounter()
                            .count())
                    .isZero();
        }
    }
}
