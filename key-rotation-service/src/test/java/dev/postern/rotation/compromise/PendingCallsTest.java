package dev.postern.rotation.compromise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.chassis.person.Person;
import dev.postern.rotation.compromise.PendingCalls.Pending;
import dev.postern.rotation.compromise.PendingCalls.Refusal;
import dev.postern.rotation.compromise.PendingCalls.Refused;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PendingCallsTest {
    private static final Person ALICE = Person.byToken("console", "alice");
    private static final Person BOB = Person.byToken("console", "bob");
    private static final Person MACHINE = Person.byToken("console", "console");

    private final MutableClock clock = MutableClock.atNoon();
    private final PendingCalls calls = new PendingCalls(Duration.ofMinutes(15), clock, new SecureRandom());

    private Pending call(Person by) {
        return calls.add(KeyClass.TOKEN_SIGNING, Optional.empty(), Optional.empty(), by)
                .orElseThrow();
    }

    @Test
    void secondPersonTakesItOnce() throws Refused {
        Pending call = call(ALICE);
        assertThat(calls.take(call.id(), BOB)).isEqualTo(call);
        assertRefused(call.id(), BOB, Refusal.UNKNOWN);
    }

    @Test
    void whoCalledCannotApproveNorCanTheirClient() {
        Pending call = call(ALICE);
        assertRefused(call.id(), ALICE, Refusal.SAME_PERSON);
        assertRefused(call.id(), MACHINE, Refusal.SAME_PERSON);
        assertRefused(call(MACHINE).id(), BOB, Refusal.SAME_PERSON);
        assertThat(calls.waiting()).hasSize(2);
    }

    @Test
    void certificateAndTokenAreNotTwoPersons() throws Refused {
        Pending call = call(Person.byCertificate("spiffe://postern.local/operator/cli"));
        assertRefused(call.id(), BOB, Refusal.SAME_PERSON);
        assertThat(calls.take(call.id(), Person.byCertificate("spiffe://postern.local/operator/second")))
                .isEqualTo(call);
    }

    @Test
    void withdrawnCallCannotBeApprovedUnlessItIsPutBack() throws Refused {
        Pending call = call(ALICE);
        assertThat(calls.withdraw(call.id())).contains(call);
        assertThat(calls.withdraw(call.id())).isEmpty();
        assertRefused(call.id(), BOB, Refusal.UNKNOWN);
        calls.putBack(call);
        assertThat(calls.take(call.id(), BOB)).isEqualTo(call);
    }

    @Test
    void callThatIsTooOldIsGone() {
        Pending call = call(ALICE);
        clock.advance(Duration.ofMinutes(15));
        assertRefused(call.id(), BOB, Refusal.UNKNOWN);
        assertThat(calls.waiting()).isEmpty();
    }

    @Test
    void manyWaitAndThenNoMore() {
        for (int i = 0; i < 64; i++) {
            call(ALICE);
        }
        assertThat(calls.add(KeyClass.TOKEN_SIGNING, Optional.empty(), Optional.empty(), BOB))
                .isEmpty();
    }

    @Test
    void ofManyWhoApproveAtOnceOneDoes() {
        Pending call = call(ALICE);
        AtomicInteger taken = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                threads.execute(() -> {
                    try {
                        calls.take(call.id(), BOB);
                        taken.incrementAndGet();
                    } catch (Refused _) {
                        // Another was first.
                    }
                });
            }
        }
        assertThat(taken).hasValue(1);
    }

    private void assertRefused(String id, Person by, Refusal refusal) {
        assertThatThrownBy(() -> calls.take(id, by))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }
}
