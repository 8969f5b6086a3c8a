package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectoryKey.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which signatures are worth a report: clocks may differ by five seconds.
@SuppressWarnings("NullAway.Init")
final class SignatureWatchTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T12:00:00Z");

    private static AskedAuthority rotation;

    @BeforeAll
    static void open() throws IOException {
        rotation = new AskedAuthority();
    }

    @AfterAll
    static void close() {
        rotation.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PREPARED, true, -600, unexpected-use",
        "PREPARED, true, 0, unexpected-use",
        "PREPARED, false, 0, unexpected-use",
        "ACTIVE, true, -6, unexpected-use",
        "ACTIVE, true, -5, ''",
        "ACTIVE, true, 0, ''",
        "ACTIVE, true, 3600, ''",
        "ACTIVE, false, -3600, ''",
        "RETIRING, true, -300, ''",
        "RETIRING, true, 0, ''",
        "RETIRING, true, 5, ''",
        "RETIRING, true, 6, retired-signature",
        "RETIRING, false, 3600, ''"
    })
    void aSignatureIsSuspiciousWhereItsKeyWasNotInUse(State state, boolean told, long seconds, String trigger)
            throws Exception {
        rotation.asked.clear();
        try (KeyReports reports = new KeyReports(
                rotation.address(),
                rotation.client(),
                new ScheduledThreadPoolExecutor(1),
                System::nanoTime,
                new SimpleMeterRegistry())) {
            DirectoryKey key = new DirectoryKey(
                    "key-1",
                    URI.create("spiffe://postern.local/service/token-service"),
                    "instance-1",
                    state,
                    new ECKeyGenerator(Curve.P_256).generate().toECPublicKey(),
                    told ? Optional.of(SINCE) : Optional.empty());
            new SignatureWatch(reports, Duration.ofSeconds(5)).accept(key, SINCE.plusSeconds(seconds));
            reports.report();
            if (trigger.isEmpty()) {
                assertThat(rotation.asked).isEmpty();
            } else {
                assertThat(rotation.asked)
                        .singleElement()
                        .asString()
                        .startsWith("POST /v1/keys/token-signing/key-1/suspicions")
                        .contains('"' + trigger + '"', "\"made_at\":" + (SINCE.getEpochSecond() + seconds));
            }
        }
    }
}
