package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import dev.postern.session.ProofKey;
import dev.postern.session.Suite;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Any list of relays that a gateway hands on is refused, or leads to the relay that signed it; see `ParserFuzzTest` in
/// sealed-session, from whose corpus the genuine configuration and its anchor are.
final class RelayOffersFuzzTest {
    private static final long MOST_MEMORY = 64L << 20;
    private static final String RELAY = "spiffe://postern.local/service/inference-relay";
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Access ACCESS = access();
    private static final HttpClient UNUSED = HttpClient.newHttpClient();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Access access() {
        try (InputStream in = RelayOffersFuzzTest.class.getResourceAsStream("RelayOffersFuzzTestAnchor.pem")) {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(256);
            return new Access(
                    URI.create("https://localhost"),
                    List.of((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in)),
                    URI.create(RELAY),
                    "urn:postern:relay",
                    "demo",
                    "demo",
                    List.of(Suite.values()),
                    new ProofKey(keys.generateKeyPair(), RANDOM),
                    new NoTokens());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether a relay was accepted.
    static boolean take(byte[] document) {
        try {
            RelayOffers.Offer offer =
                    new RelayOffers(ACCESS, UNUSED, Duration.ofSeconds(1), NOON, RANDOM).choose(document);
            assertThat(offer.config().relayId()).startsWith(RELAY);
            assertThat(offer.challenge()).isNotNull();
            return true;
        } catch (PosternFailure.Unavailable | PosternFailure.KeyConfigRejected _) {
            return false;
        } catch (PosternFailure other) {
            throw new AssertionError("not what a list can mean", other);
        }
    }

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void aListIsRefusedOrLeadsToARelay(byte[] document) {
        // Once before it is measured: loading classes under the fuzzer's agent takes memory of this thread.
        var _ = take(document);
        long before = threads.getCurrentThreadAllocatedBytes();
        var _ = take(document);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
    }

    private static final class NoTokens implements TokenSource {
        @Override
        public Token gateway() throws IOException {
            throw new IOException("none");
        }

        @Override
        public Token relay(ProofKey key) throws IOException {
            throw new IOException("none");
        }
    }
}
