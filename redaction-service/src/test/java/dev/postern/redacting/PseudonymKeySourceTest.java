package dev.postern.redacting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymRoot;
import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.SealedRoots;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.test.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the key directory says happens to the vault.
final class PseudonymKeySourceTest {
    @TempDir
    Path directory = Path.of("");

    private final ConversationVault vault = vault(RootStore.none());
    private final PseudonymKeySource source = new PseudonymKeySource(vault);

    @Test
    void firstTheRootInUseIsRegisteredThenASpare() {
        String first = source.next();
        assertThat(source.next()).as("refused, and asked again").isEqualTo(first);
        assertThat(source.keyId(first)).matches("[A-Za-z0-9_-]{8,128}");
        assertThat(source.publicJwk(first)).isEmpty();
        source.moved(first, Fate.PREPARED);
        source.moved(first, Fate.ACTIVE);
        String spare = source.next();
        assertThat(spare).isNotEqualTo(first);
        source.moved(spare, Fate.PREPARED);
        assertThat(vault.roots())
                .containsExactly(new PseudonymRoot(first, State.ACTIVE), new PseudonymRoot(spare, State.PREPARED));
        assertThat(source.load(spare)).contains(spare);
        assertThat(source.load("pseudonym-of-others")).isEmpty();

        source.moved(first, Fate.RETIRING);
        source.moved(spare, Fate.ACTIVE);
        assertThat(vault.roots().getFirst()).isEqualTo(new PseudonymRoot(spare, State.ACTIVE));
    }

    @Test
    void compromisedRootEndsItsConversationsAndNewOnesAreUnderTheSpare() {
        String leaked = source.next();
        source.moved(leaked, Fate.ACTIVE);
        String spare = source.next();
        source.moved(spare, Fate.PREPARED);
        ConversationName name = new ConversationName("t", "c", "named-1");
        String jane = pseudonym(name);

        // The owner hears of both in one directory, in any order.
        source.moved(spare, Fate.ACTIVE);
        source.moved(leaked, Fate.COMPROMISED);
        assertThat(vault.roots()).containsExactly(new PseudonymRoot(spare, State.ACTIVE));
        assertThat(vault.originals(name)).isEmpty();
        assertThat(source.endedWith(leaked)).hasValue(1);
        assertThat(source.endedWith(spare)).hasValue(0);
        assertThat(pseudonym(name)).isNotEqualTo(jane);
    }

    @Test
    void compromisedRootThatCannotBeTakenFromItsStoreIsReportedWhenItCanWithAllThatEnded() {
        AtomicBoolean full = new AtomicBoolean();
        ConversationVault kept = vault(new RootStore() {
            @Override
            public Optional<byte[]> read() {
                return Optional.empty();
            }

            @Override
            public void update(Function<Optional<byte[]>, byte[]> change) {
                if (full.get()) {
                    throw new IllegalStateException("the disk is full");
                }
                var _ = change.apply(Optional.empty());
            }

            @Override
            public int renew() {
                return 0;
            }
        });
        PseudonymKeySource keeping = new PseudonymKeySource(kept);
        String leaked = keeping.next();
        keeping.moved(leaked, Fate.ACTIVE);
        for (String each : List.of("named-1", "named-2")) {
            kept.in(new ConversationName("t", "c", each), _ -> true);
        }

        full.set(true);
        assertThatIllegalStateException().isThrownBy(() -> keeping.moved(leaked, Fate.COMPROMISED));
        assertThat(keeping.endedWith(leaked)).as("the store has it yet").isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> keeping.moved(leaked, Fate.COMPROMISED));
        full.set(false);
        keeping.moved(leaked, Fate.COMPROMISED);
        assertThat(keeping.endedWith(leaked)).hasValue(2);
        assertThat(keeping.endedWith(leaked)).as("told once").hasValue(0);
    }

    @Test
    void replicasHaveTheSameRootsAndWhatEndedAtOneIsNotBroughtBackByAnother() {
        Passphrase passphrase = Passphrase.of("only for this test run".toCharArray());
        try (LocalKeyManagement kms =
                LocalKeyManagement.open(directory.resolve("keyset.json"), passphrase, new SecureRandom())) {
            ConversationVault one = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            PseudonymKeySource first = new PseudonymKeySource(one);
            String root = first.next();
            first.moved(root, Fate.ACTIVE);
            ConversationVault other = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            PseudonymKeySource second = new PseudonymKeySource(other);
            assertThat(second.load(root)).contains(root);
            second.moved(root, Fate.ACTIVE);
            assertThat(hash(other)).isEqualTo(hash(one));

            String spare = first.next();
            assertThat(second.load(spare)).as("made at the other one").contains(spare);
            for (PseudonymKeySource each : List.of(second, first)) {
                each.moved(spare, Fate.ACTIVE);
                each.moved(root, Fate.RETIRING);
            }
            assertThat(hash(other)).isEqualTo(hash(one));

            // Each makes a spare before it heard of the other's.
            String ones = first.next();
            String others = second.next();
            assertThat(first.load(others)).contains(others);
            first.moved(spare, Fate.COMPROMISED);
            first.moved(others, Fate.ACTIVE);
            // It has not heard of that, and writes.
            second.moved(root, Fate.DESTROYED);
            second.moved(spare, Fate.COMPROMISED);
            second.moved(others, Fate.ACTIVE);
            assertThat(second.load(ones)).contains(ones);
            assertThat(hash(other)).isEqualTo(hash(one));
            assertThat(first.load(spare)).as("ended").isEmpty();

            first.moved(root, Fate.DESTROYED);
            assertThat(vault(new SealedRoots(kms, new WrappedSetFiles(directory)))
                            .roots())
                    .as("after a restart")
                    .extracting(PseudonymRoot::kid)
                    .containsExactlyInAnyOrder(ones, others);
        }
    }

    @Test
    void rootThatNobodyKeepsIsAskedForOnceAndOneThatCannotBeReadAgain() {
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean away = new AtomicBoolean();
        ConversationVault asking = vault(new RootStore() {
            @Override
            public Optional<byte[]> read() {
                reads.incrementAndGet();
                if (away.get()) {
                    throw new IllegalStateException("the Vault is away");
                }
                return Optional.empty();
            }

            @Override
            public void update(Function<Optional<byte[]>, byte[]> change) {
                var _ = change.apply(Optional.empty());
            }

            @Override
            public int renew() {
                return 0;
            }
        });
        PseudonymKeySource polled = new PseudonymKeySource(asking);
        int before = reads.get();
        away.set(true);
        for (int i = 0; i < 2; i++) {
            assertThat(polled.load("pseudonym-of-others")).isEmpty();
        }
        assertThat(reads.get()).isEqualTo(before + 2);
        away.set(false);
        for (int i = 0; i < 3; i++) {
            assertThat(polled.load("pseudonym-of-others")).isEmpty();
        }
        assertThat(reads.get()).isEqualTo(before + 3);
    }

    private static String hash(ConversationVault vault) {
        return vault.keyedHash("t", "PERSON", "Jane");
    }

    private String pseudonym(ConversationName name) {
        return vault.in(name, conversation -> conversation.pseudonym(new Original("PERSON", "Jane"), _ -> false));
    }

    private static ConversationVault vault(RootStore store) {
        return new ConversationVault(
                new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 10, 100, 1000),
                store,
                new SecureRandom(),
                MutableClock.atNoon());
    }
}
