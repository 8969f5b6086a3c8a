package dev.postern.rotation.leadership;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SETTINGS;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.rotation.ledger.Dying;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.LedgerFixture;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Replicas that share a ledger and elect by a lease in a real Redis. Each renews, and looks at the ledger, when the
/// test says so.
@SuppressWarnings("NullAway.Init")
final class SuccessionTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final ScheduledExecutorService IDLE = Executors.newSingleThreadScheduledExecutor();
    /// Of a whole rotation: four of the spare's registration, seven of two moves in one write, four of the end.
    private static final int STEPS = 15;

    private static RedisForTests redis;
    private static RedisLink link;

    @TempDir
    private Path directory;

    private LedgerFixture it;

    @BeforeAll
    static void connect(@TempDir Path home) throws IOException {
        redis = RedisForTests.start();
        Path password = Files.writeString(home.resolve("password"), RedisForTests.PASSWORD);
        link = RedisLink.open(new RedisSettings(redis.host(), redis.port(), password, Duration.ofSeconds(2)));
        await().until(() -> link.connection().isPresent());
    }

    @AfterAll
    static void disconnect() throws IOException {
        IDLE.shutdownNow();
        link.close();
        redis.close();
    }

    @BeforeEach
    void begin() {
        var _ = link.connection().orElseThrow().sync().flushall();
        it = new LedgerFixture(directory);
    }

    private static LeaseLeadership candidate(String name) {
        return new LeaseLeadership(link, name, TTL, IDLE);
    }

    /// As when its holder is silent for as long as it lasts.
    private static void leaseRunsOut() {
        var _ = link.connection().orElseThrow().sync().del("{postern:rotation}:lease");
    }

    private static void look(LeaseLeadership lease, KeyLedger ledger) {
        lease.renew();
        ledger.tick();
    }

    @Test
    void olderLeaderThatDoesNotKnowItYetWritesNothingAndStandsBy() throws Exception {
        LeaseLeadership one = candidate("one");
        LeaseLeadership two = candidate("two");
        KeyLedger first = it.opened(one, SETTINGS);
        KeyLedger second = it.opened(two, SETTINGS);
        look(one, first);
        look(two, second);
        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
        assertThatThrownBy(() -> second.poll(GATEWAY, 0)).isInstanceOf(LedgerStandsBy.class);
        it.ledger = first;
        it.activeKey("first");

        leaseRunsOut();
        look(two, second);
        assertThat(second.leads()).isTrue();
        assertThat(first.leads()).as("it has heard nothing").isTrue();
        assertThatThrownBy(() -> first.register(SIGNER, KeyClass.TOKEN_SIGNING, "of-the-older", Map.of()))
                .isInstanceOf(LedgerUnwritable.class);
        assertThat(first.leads()).isFalse();
        first.tick();
        assertThat(first.leads()).as("its old fence leads nowhere").isFalse();
        var _ = second.register(SIGNER, KeyClass.TOKEN_SIGNING, "of-the-newer", Map.of());
        look(one, first);
        assertThat(first.ring().keys()).containsOnlyKeys("first", "of-the-newer");

        two.close();
        await().until(() -> {
            look(one, first);
            return first.leads();
        });
        second.tick();
        assertThat(second.leads()).isFalse();
    }

    /// The highest fence there is could be another's whom no election has chosen.
    @Test
    void leaseThatWasTakenBeforeTheLedgerWasReadLeadsAllTheSame() {
        LeaseLeadership early = candidate("early");
        early.renew();
        KeyLedger ledger = it.opened(early, SETTINGS);
        look(early, ledger);
        assertThat(ledger.leads()).isTrue();
        it.ledger.tick();
        assertThat(it.ledger.leads()).as("who led without an election").isFalse();
    }

    static IntStream steps() {
        return IntStream.rangeClosed(0, STEPS);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void leaderThatDiesAtAnyStepOfARotationIsSucceededAndTheRotationEnds(int deadly) throws Exception {
        Dying dying = new Dying(it);
        LeaseLeadership one = candidate("one");
        KeyLedger dead = dying.ledger(one);
        look(one, dead);
        it.ledger = dead;
        it.activeKey("first");
        Instant due = it.clock.instant().plus(LedgerFixture.POLICY.period());
        long before = dead.ring().version();
        dying.at(deadly);
        boolean died = false;
        try {
            rotate(due);
        } catch (Dying.Killed _) {
            died = true;
        }
        dying.at(-1);
        assertThat(died)
                .as("after %s steps there is none left to die at", STEPS)
                .isEqualTo(deadly < STEPS);

        leaseRunsOut();
        LeaseLeadership two = candidate("two");
        it.ledger = it.opened(two, SETTINGS);
        look(two, it.ledger);
        assertThat(it.ledger.leads()).isTrue();
        assertThat(it.ledger.ring().version()).isGreaterThan(before);
        assertThat(it.active()).hasSize(1);
        assertThatThrownBy(() -> dead.register(SIGNER, KeyClass.TOKEN_SIGNING, "too-late", Map.of()))
                .isInstanceOf(LedgerUnwritable.class);
        rotate(due);
        assertThat(it.active()).containsExactly("spare");
        assertThat(it.state("first")).isEqualTo("DESTROYED");
        assertThat(it.state("too-late")).isEqualTo("NONE");
    }

    /// From wherever it stands to its end.
    private void rotate(Instant due) throws Exception {
        it.pass(6, SIGNER, GATEWAY, RELAY);
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        if (it.clock.instant().isBefore(due)) {
            it.clock.set(due);
        }
        it.pass(1, SIGNER, GATEWAY, RELAY);
        it.clock.advance(LedgerFixture.POLICY.verificationWindow());
        it.pass(1, SIGNER, GATEWAY, RELAY);
    }
}
