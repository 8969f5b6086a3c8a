package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.KeyNotRegistered.Reason;
import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.chassis.keys.KeySource.Retirement;
import dev.postern.test.MutableClock;
import dev.postern.token.DirectoryEntry;
import dev.postern.token.DirectoryEntry.State;
import dev.postern.token.DirectorySnapshot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The owner's side, against a directory and a registration that are written by hand.
final class OwnedKeysTest {
    private static final URI OWNER = URI.create("spiffe://postern.local/service/inference-relay");
    private static final URI OTHER = URI.create("spiffe://postern.local/service/gateway-service");

    private final MutableClock clock = MutableClock.atNoon();
    private final Map<String, DirectoryEntry> listed = new LinkedHashMap<>();
    private final List<String> registered = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> ended = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Made made = new Made();
    private boolean reachable = true;
    private boolean known = true;
    private long version;
    private int offers;
    private final OwnedKeys<String> keys = owned("me");

    /// Keys that are their ids; counts them.
    private static final class Made implements KeySource<String> {
        private final List<String> told = new ArrayList<>();
        private final Set<String> stored = new HashSet<>();
        private Retirement retirement = Retirement.HELD;
        private final Set<String> uncountable = new HashSet<>();
        private boolean fails;
        private int count;
        private OptionalInt live = OptionalInt.of(0);

        @Override
        public String keyClass() {
            return "relay-hpke";
        }

        @Override
        public Retirement retirement() {
            return retirement;
        }

        @Override
        public String next() {
            return "key-" + ++count;
        }

        @Override
        public String keyId(String key) {
            return key;
        }

        @Override
        public Map<String, Object> publicJwk(String key) {
            return Map.of("kid", key);
        }

        @Override
        public Optional<String> load(String keyId) {
            return stored.contains(keyId) ? Optional.of(keyId) : Optional.empty();
        }

        @Override
        public OptionalInt endedWith(String keyId) {
            if (uncountable.contains(keyId)) {
                throw new IllegalStateException("a source that cannot count");
            }
            return live;
        }

        @Override
        public void moved(String key, Fate fate) {
            told.add(key + " " + fate);
            if (fails) {
                throw new IllegalStateException("a source that fails");
            }
        }
    }

    private OwnedKeys<String> owned(String instance) {
        return new OwnedKeys<>(
                made,
                OWNER,
                instance,
                () -> known
                        ? Optional.of(
                                new DirectorySnapshot(++version, Instant.EPOCH, Map.of(), List.copyOf(listed.values())))
                        : Optional.empty(),
                rotation(instance),
                clock);
    }

    private KeyRegistration rotation(String instance) {
        return new KeyRegistration() {
            @Override
            public void register(String keyClass, String keyId, String as, Map<String, Object> jwk)
                    throws KeyNotRegistered {
                offers++;
                assertThat(keyClass).isEqualTo("relay-hpke");
                assertThat(as).isEqualTo(instance);
                assertThat(jwk).containsEntry("kid", keyId);
                if (!reachable) {
                    throw new KeyNotRegistered(Reason.UNAVAILABLE);
                }
                if (refused.contains(keyId)) {
                    throw new KeyNotRegistered(Reason.KEY_ID_TAKEN);
                }
                registered.add(keyId);
                done.add("registered " + keyId);
            }

            @Override
            public void ended(String keyClass, String keyId, String as, int count) throws KeyNotRegistered {
                if (!reachable) {
                    throw new KeyNotRegistered(Reason.UNAVAILABLE);
                }
                ended.add(keyId + " " + count);
                done.add("ended " + keyId);
            }
        };
    }

    private void list(String kid, State state) {
        listed.put(kid, new DirectoryEntry(kid, "relay-hpke", OWNER, "me", state));
    }

    private void later() throws InterruptedException {
        clock.advance(Duration.ofSeconds(2));
        keys.reconcile();
    }

    @Test
    void whenNothingIsListedThenOneSpareIsRegistered() throws InterruptedException {
        assertThat(keys.reconcile()).isTrue();
        assertThat(registered).containsExactly("key-1");
        assertThat(keys.active()).as("nobody knows it yet").isEmpty();
        assertThat(made.told).isEmpty();
    }

    @Test
    void whenDirectoryIsUnknownThenWaits() throws InterruptedException {
        known = false;
        assertThat(keys.reconcile()).isFalse();
        assertThat(registered).isEmpty();
    }

    @Test
    void whenOfferIsNotListedYetThenSameKeyIsOfferedAgainLater() throws InterruptedException {
        keys.reconcile();
        keys.reconcile();
        assertThat(offers).isEqualTo(1);
        later();
        assertThat(offers).isEqualTo(2);
        assertThat(registered).containsOnly("key-1");
    }

    @Test
    void whenUnreachableThenSameKeyIsOfferedAgain() throws InterruptedException {
        reachable = false;
        assertThat(keys.reconcile()).isFalse();
        reachable = true;
        later();
        assertThat(registered).containsExactly("key-1");
    }

    @Test
    void whenIdIsTakenThenAnotherKeyIsOfferedAndTheFirstIsForgotten() throws InterruptedException {
        refused.add("key-1");
        assertThat(keys.reconcile()).isFalse();
        later();
        assertThat(registered).containsExactly("key-2");
        list("key-1", State.ACTIVE);
        assertThat(keys.active()).isEmpty();
        assertThat(made.told).containsExactly("key-1 DESTROYED");
    }

    @Test
    void whenClockGoesBackThenOffersGoOn() throws InterruptedException {
        keys.reconcile();
        clock.advance(Duration.ofHours(-1));
        keys.reconcile();
        assertThat(offers).isEqualTo(2);
    }

    @Test
    void whenSpareBecomesActiveThenNextSpareIsRegistered() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.PREPARED);
        later();
        assertThat(registered).containsExactly("key-1");
        list("key-1", State.ACTIVE);
        assertThat(keys.reconcile()).isTrue();
        assertThat(registered).containsExactly("key-1", "key-2");
        assertThat(keys.active()).contains("key-1");
        assertThat(made.told).containsExactly("key-1 PREPARED", "key-1 ACTIVE");
    }

    @Test
    void heldKeysOpenUntilTheyAreDestroyed() throws InterruptedException {
        rotateOnce();
        assertThat(keys.active()).contains("key-2");
        assertThat(keys.find("key-1")).contains("key-1");
        listed.remove("key-1");
        keys.reconcile();
        assertThat(keys.find("key-1")).isEmpty();
        assertThat(made.told)
                .containsSubsequence("key-1 RETIRING", "key-1 DESTROYED")
                .doesNotHaveDuplicates();
    }

    @Test
    void forgottenKeysAreGoneWhenTheyRetire() throws InterruptedException {
        made.retirement = Retirement.FORGOTTEN;
        rotateOnce();
        assertThat(keys.find("key-1")).isEmpty();
        list("key-1", State.ACTIVE);
        listed.remove("key-2");
        assertThat(keys.active()).isEmpty();
    }

    private void rotateOnce() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        later();
        list("key-2", State.ACTIVE);
        list("key-1", State.RETIRING);
        later();
    }

    @Test
    void compromisedKeyIsForgottenAtOnceAndASpareIsMade() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        later();
        list("key-2", State.ACTIVE);
        list("key-1", State.COMPROMISED);
        assertThat(keys.find("key-1")).as("before this process has acted on it").isEmpty();
        later();
        assertThat(keys.active()).contains("key-2");
        assertThat(registered).endsWith("key-3");
        assertThat(made.told).contains("key-1 COMPROMISED");

        list("key-1", State.ACTIVE);
        listed.remove("key-2");
        assertThat(keys.active()).as("never again").isEmpty();
    }

    @Test
    void endOfWhatACompromisedKeyMadeIsReportedOnceItHasEnded() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        made.live = OptionalInt.empty();
        later();
        list("key-1", State.COMPROMISED);
        later();
        assertThat(ended).as("something lives").isEmpty();
        made.live = OptionalInt.of(4);
        reachable = false;
        later();
        reachable = true;
        later();
        later();
        assertThat(ended).as("tried again, and told once").containsExactly("key-1 4");
    }

    @Test
    void othersKeysAreNotUsed() throws InterruptedException {
        keys.reconcile();
        listed.put("key-1", new DirectoryEntry("key-1", "relay-hpke", OWNER, "another", State.ACTIVE));
        assertThat(keys.active()).isEmpty();
        listed.put("key-1", new DirectoryEntry("key-1", "relay-hpke", OTHER, "me", State.ACTIVE));
        assertThat(keys.active()).isEmpty();
        listed.put("key-1", new DirectoryEntry("key-1", "challenge-mac", OWNER, "me", State.ACTIVE));
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void staleDirectoryStopsNewUseAndNotTheOpeningOfOld() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        assertThat(keys.active()).isPresent();
        known = false;
        assertThat(keys.active()).isEmpty();
        assertThat(keys.find("key-1")).contains("key-1");
    }

    @Test
    void sharedKeysOfOtherReplicasAreLoaded() throws InterruptedException {
        OwnedKeys<String> replica = owned(DirectoryEntry.SHARED);
        for (State state : List.of(State.ACTIVE, State.PREPARED)) {
            String kid = "shared-" + state;
            made.stored.add(kid);
            listed.put(kid, new DirectoryEntry(kid, "relay-hpke", OWNER, DirectoryEntry.SHARED, state));
        }
        assertThat(replica.reconcile()).as("the other's spare is ours too").isFalse();
        assertThat(replica.active()).contains("shared-ACTIVE");
        assertThat(offers).isZero();
    }

    @Test
    void compromisedKeyThatAStoreStillHoldsIsErasedAndNeverUsed() throws InterruptedException {
        made.stored.add("key-0");
        list("key-0", State.COMPROMISED);
        made.fails = true;
        keys.reconcile();
        made.fails = false;
        keys.reconcile();
        assertThat(made.told).as("until it is erased").containsExactly("key-0 COMPROMISED", "key-0 COMPROMISED");
        assertThat(keys.find("key-0")).isEmpty();
        assertThat(ended).contains("key-0 0");

        made.stored.clear();
        keys.reconcile();
        assertThat(made.told).hasSize(2);
    }

    @Test
    void sourceThatFailsKeepsNoKeyFromItsFate() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.COMPROMISED);
        made.fails = true;
        later();
        assertThat(keys.find("key-1")).isEmpty();
        assertThat(registered).endsWith("key-2");
    }

    @Test
    void sourceThatFailedAtACompromiseIsToldAgainAndItsEndIsNotReportedBefore() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.COMPROMISED);
        made.fails = true;
        later();
        later();
        assertThat(ended).isEmpty();
        made.fails = false;
        later();
        assertThat(ended).containsExactly("key-1 0");
        long told = made.told.stream().filter("key-1 COMPROMISED"::equals).count();
        later();
        assertThat(made.told.stream().filter("key-1 COMPROMISED"::equals))
                .as("told once it has heard")
                .hasSize((int) told);
    }

    @Test
    void newKeyIsOfferedBeforeTheEndOfTheOldOneIsReported() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.COMPROMISED);
        later();
        assertThat(done).endsWith("registered key-2", "ended key-1");
    }

    @Test
    void keyThatCannotBeCountedKeepsNoOtherFromBeingReported() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        later();
        list("key-1", State.COMPROMISED);
        list("key-2", State.COMPROMISED);
        made.uncountable.addAll(Set.of("key-1"));
        later();
        assertThat(ended).containsExactly("key-2 0");
        made.uncountable.clear();
        later();
        assertThat(ended).containsExactlyInAnyOrder("key-2 0", "key-1 0");
    }

    @Test
    void theCountOfWhatEndedSurvivesAnAuthorityThatIsAway() throws InterruptedException {
        keys.reconcile();
        list("key-1", State.ACTIVE);
        keys.reconcile();
        list("key-1", State.COMPROMISED);
        made.live = OptionalInt.of(7);
        reachable = false;
        keys.reconcile();
        // The source has said it and remembers it no more.
        made.live = OptionalInt.of(0);
        keys.reconcile();
        assertThat(ended).isEmpty();
        reachable = true;
        keys.reconcile();
        keys.reconcile();
        assertThat(ended).as("once").containsExactly("key-1 7");
    }
}
