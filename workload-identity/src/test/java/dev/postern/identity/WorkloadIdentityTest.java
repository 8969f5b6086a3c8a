package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.IdentityUnavailable.Reason;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Renewal decided by hand-moved time; the scheduler never runs here.
final class WorkloadIdentityTest {
    private static final Duration DAY = Duration.ofHours(24);

    private final MutableClock clock = MutableClock.atNoon();
    private final InMemoryAuthority authority = Authorities.at(clock);
    private final IdentityIssuer good = authority.issuerFor(Authorities.grant(Authorities.TOKEN_SERVICE, DAY));
    private final AtomicReference<IdentityIssuer> issuer = new AtomicReference<>(good);
    private final ScheduledExecutorService unused = Executors.newSingleThreadScheduledExecutor();
    private final WorkloadIdentity identity = identity();

    private WorkloadIdentity identity() {
        Enrolment enrolment = new Enrolment(
                csr -> issuer.get().issue(csr),
                Authorities.TOKEN_SERVICE,
                List.of("localhost"),
                clock,
                Authorities.RANDOM);
        return new WorkloadIdentity(enrolment, enrolment.enrol(), clock, Authorities.RANDOM, unused);
    }

    @AfterEach
    void stop() {
        unused.shutdownNow();
    }

    @Test
    void nothingHappensBeforeItIsTime() {
        IdentityDocument first = identity.current();
        clock.advance(Duration.ofHours(10));
        identity.tick();

        assertThat(identity.current()).isSameAs(first);
        assertThat(identity.renewals()).isZero();
    }

    @Test
    void renewsAroundHalfLifeWithANewKeyAndTellsListeners() {
        List<IdentityDocument> heard = new ArrayList<>();
        identity.onChange(_ -> {
            throw new IllegalStateException("a bad listener harms no other");
        });
        identity.onChange(heard::add);
        IdentityDocument first = identity.current();
        clock.advance(Duration.ofHours(14));
        identity.tick();

        assertThat(identity.current().privateKey()).isNotEqualTo(first.privateKey());
        assertThat(identity.current().leaf().getSerialNumber())
                .isNotEqualTo(first.leaf().getSerialNumber());
        assertThat(heard).containsExactly(identity.current());
        assertThat(identity.renewals()).isEqualTo(1);
        assertThat(identity.notAfter()).isEqualTo(clock.instant().plus(DAY));
    }

    @Test
    void whenTheAuthorityIsAwayTheOldCertificateStaysAndTriesBackOff() {
        IdentityDocument first = identity.current();
        issuer.set(_ -> {
            throw new IdentityUnavailable(Reason.UNREACHABLE, "away");
        });
        clock.advance(Duration.ofHours(14));
        Instant before = clock.instant();
        identity.tick();
        Duration pause = Duration.between(before, identity.nextTry());
        identity.tick();

        assertThat(identity.current()).isSameAs(first);
        assertThat(pause).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
        assertThat(identity.renewalFailures())
                .as("the second tick came before the back-off ended")
                .isEqualTo(1);
        assertThat(identity.lastFailure()).contains(Reason.UNREACHABLE);

        issuer.set(good);
        clock.advance(Duration.ofSeconds(6));
        identity.tick();
        assertThat(identity.renewals()).isEqualTo(1);
        assertThat(identity.lastFailure()).isEmpty();
    }

    @Test
    void whenTheClockJumpsBackTheCertificateStaysAndRenewalComesByIt() {
        identity.tick();
        IdentityDocument first = identity.current();
        clock.advance(Duration.ofHours(-2));
        identity.tick();
        assertThat(identity.current()).isSameAs(first);
        assertThat(identity.renewalFailures()).isZero();
        assertThat(identity.hasSpare()).isTrue();
        assertThat(identity.keyManager().chooseEngineServerAlias("EC", null, null))
                .isNotNull();

        clock.advance(Duration.ofHours(12));
        identity.tick();
        assertThat(identity.current()).as("ten hours old").isSameAs(first);
        clock.advance(Duration.ofHours(4));
        identity.tick();
        assertThat(identity.renewals()).isEqualTo(1);
    }

    @Test
    void whenTheClockJumpsBackAfterTriesThatFailedTheNextOnesDoNotWaitForTheTimeThatItHadThen() {
        issuer.set(_ -> {
            throw new IdentityUnavailable(Reason.UNREACHABLE, "away");
        });
        clock.advance(Duration.ofHours(30));
        identity.tick();
        assertThat(identity.renewalFailures()).isEqualTo(1);
        clock.advance(Duration.ofHours(-16));
        identity.tick();
        assertThat(identity.renewalFailures()).isEqualTo(2);
        issuer.set(good);
        clock.advance(Duration.ofMinutes(1));
        identity.tick();

        assertThat(identity.renewals()).as("long before the certificate ends").isEqualTo(1);
        assertThat(identity.hasSpare()).isTrue();
    }

    @Test
    void certificateForAnotherIdentityIsNotTakenOver() {
        issuer.set(csr -> {
            byte[] other = SigningRequestWriter.write(P256.generate(Authorities.RANDOM), Authorities.RELAY, List.of());
            return authority
                    .issuerFor(Authorities.grant(Authorities.RELAY, DAY))
                    .issue(other);
        });
        assertRefusedAnswer();
    }

    @Test
    void certificateForAnotherKeyIsNotTakenOver() {
        byte[] other =
                SigningRequestWriter.write(P256.generate(Authorities.RANDOM), Authorities.TOKEN_SERVICE, List.of());
        issuer.set(_ -> good.issue(other));
        assertRefusedAnswer();
    }

    @Test
    void certificateOfAnotherAuthorityIsNotTakenOver() {
        InMemoryAuthority stranger = Authorities.at(clock);
        issuer.set(csr -> {
            IssuedChain issued = stranger.issuerFor(Authorities.grant(Authorities.TOKEN_SERVICE, DAY))
                    .issue(csr);
            return new IssuedChain(issued.chain(), List.of(authority.certificate()));
        });
        assertRefusedAnswer();
    }

    private void assertRefusedAnswer() {
        IdentityDocument first = identity.current();
        clock.advance(Duration.ofHours(14));
        identity.tick();

        assertThat(identity.current()).isSameAs(first);
        assertThat(identity.lastFailure()).contains(Reason.INVALID_ANSWER);
    }

    @Test
    void expiredIdentityOffersNoKeyAndRecoversByRenewal() {
        clock.advance(DAY.plusSeconds(1));
        assertThat(identity.usable()).isFalse();
        assertThat(identity.keyManager().chooseEngineServerAlias("EC", null, null))
                .isNull();
        assertThat(identity.keyManager().chooseEngineClientAlias(new String[] {"EC"}, null, null))
                .isNull();

        identity.tick();
        assertThat(identity.keyManager().chooseEngineServerAlias("EC", null, null))
                .isNotNull();
    }

    @Test
    void handshakeThatBeganBeforeASwapEndsWithItsOwnPair() {
        IdentityDocument first = identity.current();
        String alias = identity.keyManager().chooseEngineServerAlias("EC", null, null);
        clock.advance(Duration.ofHours(14));
        identity.tick();

        assertThat(identity.keyManager().getPrivateKey(alias)).isEqualTo(first.privateKey());
        assertThat(identity.keyManager().getCertificateChain(alias)).containsExactly(first.leaf());
        assertThat(identity.keyManager().chooseEngineServerAlias("EC", null, null))
                .isNotEqualTo(alias);
        assertThat(identity.keyManager().chooseEngineServerAlias("RSA", null, null))
                .isNull();
        assertThat(identity.keyManager().getPrivateKey("postern-0")).isNull();
    }

    @Test
    void printsNoKey() {
        assertThat(identity.current().toString())
                .contains("spiffe://postern.local/service/token-service")
                .doesNotContain("PrivateKey")
                .hasSizeLessThan(200);
    }

    @Test
    void firstIssueThatIsRefusedIsSaidAtOnce() {
        assertThatThrownBy(() -> WorkloadIdentity.issuedBy(good, Authorities.RELAY, List.of(), clock))
                .isInstanceOfSatisfying(
                        IdentityUnavailable.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
    }
}
