package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.PeerSighting;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.relay.redaction.RedactionProperties.Batch;
import dev.postern.relay.rig.FakeRedaction;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which of several streams is used, and what follows when none can be made.
@SuppressWarnings("NullAway.Init")
class RedactionLinkTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final URI SERVICE = DOMAIN.idOf("redaction-service");
    private static final Duration TARGET = Duration.ofMillis(20);

    private final SecureRandom random = new SecureRandom();
    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), random);
    private final WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
    private final WorkloadIdentity service = authority.identityOf(SERVICE);
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger asked = new AtomicInteger();
    private FakeRedaction redaction;
    private Supplier<ManagedChannel> channels;

    @BeforeEach
    void serve() throws Exception {
        redaction = new FakeRedaction(service, 0);
        channels = RedactionLink.channels(properties("localhost"), SERVICE, relay);
    }

    @AfterEach
    void stop() {
        redaction.close();
        scheduler.shutdownNow();
        relay.close();
        service.close();
    }

    private RedactionProperties properties(String host) {
        return new RedactionProperties(
                host,
                redaction.port(),
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                1 << 20,
                new Batch(1, 1, TARGET));
    }

    private RedactionLink open(Supplier<ManagedChannel> from) {
        return RedactionLink.open(from, properties("localhost"), relay, scheduler, random, meters, System::nanoTime);
    }

    @Test
    void anAddressThatCanBeNoneIsRefusedAtOnce() {
        RedactionProperties none = properties("no host");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RedactionLink.open(none, SERVICE, relay, scheduler, random, meters, System::nanoTime));
    }

    @Test
    void aConnectionThatCannotBeMadeIsTriedAgain() {
        RedactionLink link = open(() -> {
            int attempt = asked.incrementAndGet();
            if (attempt == 2 || attempt == 3) {
                throw new IllegalStateException("of this test");
            }
            // The first is over at once, so that another has to be made.
            return attempt == 1 ? channels.get().shutdownNow() : channels.get();
        });
        try {
            Awaitility.await().until(link::isReady);
            assertThat(asked).hasValue(4);
        } finally {
            link.close();
        }
    }

    @Test
    void aRenewalMovesTheLinkToAConnectionUnderTheNewCertificate() throws Exception {
        RedactionLink link = open(channels);
        try {
            for (int renewals = 0; renewals < 2; renewals++) {
                BigInteger shown = relay.current().leaf().getSerialNumber();
                Awaitility.await()
                        .until(() -> link.isReady()
                                && Optional.ofNullable(service.peers()
                                                .get(relay.current().spiffeId()))
                                        .map(PeerSighting::serial)
                                        .equals(Optional.of(shown)));
                Awaitility.await().until(() -> relay.connections().size() == 1);
                var _ = relay.renewNow().get(10, TimeUnit.SECONDS);
            }
        } finally {
            link.close();
        }
        Awaitility.await().until(() -> relay.connections().size() == 0);
    }

    @Test
    void aCallEndsWhenTheCertificateOfItsPeerIsDenied() {
        RedactionLink link = open(channels);
        try {
            Awaitility.await().until(() -> link.isReady() && relay.connections().size() == 1);
            relay.deny(Set.of(service.current().leaf().getSerialNumber()));
            Awaitility.await().until(() -> !link.isReady());
            assertThat(relay.connections().size()).isZero();
        } finally {
            link.close();
        }
    }

    @Test
    void aStreamThatIsReadyAfterALaterOneWasStartedIsRetired() {
        RedactionLink link = open(() -> {
            asked.incrementAndGet();
            return channels.get();
        });
        ManagedChannel other = channels.get();
        try {
            Awaitility.await().until(link::isReady);
            Lane lane = new Lane(new BatchControl(1, 1, TARGET), new BatchMeters(meters, "prompt"), 1);
            RedactionStream late = new RedactionStream(link, lane, lane, Duration.ofSeconds(2), System::nanoTime);
            var _ = RedactionGrpc.newStub(other).exchange(late);

            // It closes when its last call has ended, in good order: nobody cancels it.
            other.shutdown();
            Awaitility.await().until(other::isTerminated);
            assertThat(link.isReady()).isTrue();
            assertThat(asked).as("the latest is still the one").hasValue(1);
        } finally {
            other.shutdownNow();
            link.close();
        }
    }
}
