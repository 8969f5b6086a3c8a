package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.auditing.s3.TestBucket;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.CosignatureVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The service with a second store, as it is configured.
class CopyServiceTest {
    @TempDir
    Path home;

    @Test
    @Timeout(60)
    void logWhenASecondStoreAndASecondKeyAreConfiguredThenBothAreThere() throws Exception {
        try (TestBucket bucket = new TestBucket(home);
                RunningService service = RunningService.start(
                        home,
                        List.of(
                                "--postern.audit.copy.bucket=" + bucket.name,
                                "--postern.audit.copy.region=us-east-1",
                                "--postern.audit.copy.endpoint=" + bucket.endpoint(),
                                "--postern.audit.copy.credentials-file=" + bucket.credentials,
                                "--postern.audit.copy.pause=50ms",
                                "--postern.audit-log.second-key=ml-dsa-44"))) {
            bucket.await("log/localhost/audit/root/checkpoint");
            assertThat(bucket.names())
                    .contains("vkeys/root.vkey")
                    .anyMatch(name -> name.matches("vkeys/[0-9]{4}w[0-9]{2}.vkey"));
            assertThat(signedTwice(bucket, "log/localhost/audit/root/checkpoint", "vkeys/root.mldsa44"))
                    .isTrue();
            try (Caller anybody = service.withoutCertificate()) {
                assertThat(anybody.get("/vkeys/root.mldsa44").body())
                        .isEqualTo(new String(bucket.content("vkeys/root.mldsa44"), StandardCharsets.UTF_8));
                assertThat(anybody.get("/vkeys/other.mldsa44").statusCode()).isEqualTo(404);
            }
            MeterRegistry metrics = service.bean(MeterRegistry.class);
            assertThat(metrics.get("postern.audit.copy.age").gauge().value()).isBetween(0.0, 60.0);
            assertThat(metrics.get("postern.audit.copy.contradictions")
                            .functionCounter()
                            .count())
                    .isZero();
        }
    }

    private static boolean signedTwice(TestBucket bucket, String checkpoint, String key) {
        CosignatureVerifier second = CosignatureVerifier.parse(
                        new String(bucket.content(key), StandardCharsets.UTF_8).strip())
                .orElseThrow();
        PriorKnowledge wanting = new PriorKnowledge(Map.of(), Map.of(), List.of(), Map.of(second.name(), second));
        return wanting.missingWitness(bucket.content(checkpoint)).isEmpty();
    }
}
