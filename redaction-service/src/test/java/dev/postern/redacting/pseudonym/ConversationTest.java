package dev.postern.redacting.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConversationTest {
    @TempDir
    Path directory = Path.of("");

    private final MutableClock clock = MutableClock.atNoon();
    private final ConversationVault vault = new ConversationVault(
            new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 3, 1000, 1500),
            RootStore.none(),
            new SecureRandom(),
            clock);

    @Test
    void equalValuesGetEqualPseudonymsEvenAfterTheVaultForgot() {
        String first = vault.open(name("t", "c", "1")).pseudonym(person("Jane"), _ -> false);
        clock.advance(Duration.ofHours(1));
        String second = vault.open(name("t", "c", "1")).pseudonym(person("Jane"), _ -> false);
        assertThat(first).matches("PERSON_[0-9A-HJKMNP-TV-Z]{6}").isEqualTo(second);
    }

    @Test
    void tenantClientAndConversationSeparate() {
        Set<String> pseudonyms = new HashSet<>();
        for (ConversationName name : List.of(
                name("t", "c", "1"),
                name("t", "c", "2"),
                name("t", "d", "1"),
                name("u", "c", "1"),
                name("tc", "", "1"))) {
            pseudonyms.add(vault.open(name).pseudonym(person("Jane"), _ -> false));
        }
        assertThat(pseudonyms).hasSize(5);
    }

    @Test
    void collisionsAndReservedTextsGetAnotherPseudonym() {
        Conversation conversation = vault.open(name("t", "c", "1"));
        String taken = conversation.pseudonym(person("Jane"), _ -> false);
        clock.advance(Duration.ofHours(1));
        Conversation other = vault.open(name("t", "c", "1"));
        assertThat(other).isNotSameAs(conversation);
        assertThat(other.pseudonym(person("Jane"), taken::equals)).isNotEqualTo(taken);
    }

    @Test
    void manyValuesStayDistinctAndBounded() {
        MemoryConversation conversation = vault.open(name("t", "c", "1"));
        Set<String> pseudonyms = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            pseudonyms.add(conversation.pseudonym(person("P" + i), pseudonyms::contains));
        }
        assertThat(pseudonyms).hasSize(5000).allMatch(PseudonymCode::checks);
        assertThat(conversation.size()).isEqualTo(1000);
    }

    @Test
    void vaultForgetsTheIdleAndTheLongestUnused() {
        for (String name : List.of("1", "2", "3", "4")) {
            vault.open(name("t", "c", name));
        }
        assertThat(vault.size()).isEqualTo(3);
        assertThat(vault.find(name("t", "c", "1"))).isEmpty();
        clock.advance(Duration.ofMinutes(11));
        assertThat(vault.find(name("t", "c", "4"))).isEmpty();
        assertThat(vault.size()).isZero();
    }

    @Test
    void valuesOfAllConversationsTogetherAreBounded() {
        for (String name : List.of("1", "2")) {
            for (int i = 0; i < 1000; i++) {
                vault.open(name("t", "c", name)).pseudonym(person("P" + i), _ -> false);
            }
        }
        vault.forgetIdle();
        assertThat(vault.values()).isEqualTo(1000);
        assertThat(vault.find(name("t", "c", "1"))).isEmpty();
        vault.open(name("t", "c", "2")).pseudonym(person("x".repeat(256 * 999)), _ -> false);
        assertThat(vault.values()).isEqualTo(1000);
        clock.advance(Duration.ofHours(1));
        vault.forgetIdle();
        assertThat(vault.values()).isZero();
    }

    @Test
    void everyWrongCharacterAndNeighbourSwapShowsInTheCheck() {
        String pseudonym = PseudonymCode.write("PERSON", 0x15A3C7F);
        String alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        assertThat(PseudonymCode.checks(pseudonym)).isTrue();
        int first = pseudonym.length() - PseudonymCode.CODE_LENGTH;
        for (int i = first; i < pseudonym.length(); i++) {
            for (int at = 0; at < alphabet.length(); at++) {
                char c = alphabet.charAt(at);
                String wrong = pseudonym.substring(0, i) + c + pseudonym.substring(i + 1);
                assertThat(PseudonymCode.checks(wrong)).isEqualTo(wrong.equals(pseudonym));
            }
            if (i > first && pseudonym.charAt(i) != pseudonym.charAt(i - 1)) {
                String swapped = pseudonym.substring(0, i - 1)
                        + pseudonym.charAt(i)
                        + pseudonym.charAt(i - 1)
                        + pseudonym.substring(i + 1);
                assertThat(PseudonymCode.checks(swapped)).isFalse();
            }
        }
    }

    @Test
    void keysAndOriginalsPrintNothing() {
        assertThat(PseudonymKey.generate(new SecureRandom()).toString()).isEqualTo("PseudonymKey[hidden]");
        assertThat(person("Jane").toString()).doesNotContain("Jane");
    }

    @Test
    void rootWhenSucceededThenItsConversationsGoOnAndNewOnesAreUnderTheNext() {
        String before = active();
        Conversation old = vault.openBy("t", "c", List.of("Hello, I am Jane"));
        String jane = old.pseudonym(person("Jane"), _ -> false);
        String spare = vault.prepareRoot();
        assertThat(vault.prepareRoot()).as("one spare").isEqualTo(spare);
        assertThat(vault.roots())
                .containsExactly(new PseudonymRoot(before, State.ACTIVE), new PseudonymRoot(spare, State.PREPARED));

        assertThat(vault.activateRoot("pseudonym-unknown")).isFalse();
        assertThat(vault.activateRoot(spare)).isTrue();
        assertThat(vault.activateRoot(spare)).as("again").isTrue();
        assertThat(vault.roots())
                .containsExactly(new PseudonymRoot(spare, State.ACTIVE), new PseudonymRoot(before, State.RETIRING));
        assertThat(vault.openBy("t", "c", List.of("Hello, I am Jane"))).isSameAs(old);
        assertThat(vault.open(name("t", "c", "2")).pseudonym(person("Jane"), _ -> false))
                .isNotEqualTo(jane);

        // The last of its conversations is forgotten, and so is the root.
        clock.advance(Duration.ofMinutes(11));
        vault.open(name("t", "c", "3"));
        assertThat(vault.roots()).as("no request looks for it").hasSize(2);
        vault.sweep();
        assertThat(vault.roots()).containsExactly(new PseudonymRoot(spare, State.ACTIVE));
        assertThat(vault.openBy("t", "c", List.of("Hello, I am Jane")).pseudonym(person("Jane"), _ -> false))
                .isNotEqualTo(jane);
    }

    @Test
    void rootWhenCompromisedThenItsConversationsEndAndOthersGoOn() {
        String leaked = active();
        Conversation ended = vault.open(name("t", "c", "1"));
        String jane = ended.pseudonym(person("Jane"), _ -> false);
        String spare = vault.prepareRoot();
        vault.activateRoot(spare);
        Conversation other = vault.open(name("t", "c", "2"));
        other.pseudonym(person("Jane"), _ -> false);

        assertThat(vault.endRoot(leaked)).contains(1);
        assertThat(vault.endRoot(leaked)).isEmpty();
        assertThat(ended.originals()).isEmpty();
        assertThatExceptionOfType(ConversationEnded.class)
                .isThrownBy(() -> ended.pseudonym(person("Jane"), _ -> false));
        assertThat(vault.find(name("t", "c", "1"))).isEmpty();
        assertThat(vault.values()).isEqualTo(1);
        assertThat(vault.open(name("t", "c", "1")).pseudonym(person("Jane"), _ -> false))
                .isNotEqualTo(jane);
        assertThat(vault.open(name("t", "c", "2"))).isSameAs(other);
    }

    @Test
    void activeRootWhenCompromisedThenTheSpareIsActive() {
        String leaked = active();
        String keyed = vault.keyedName("t", "c", "user-7");
        String spare = vault.prepareRoot();
        assertThat(vault.endRoot(leaked)).contains(0);
        assertThat(vault.roots()).containsExactly(new PseudonymRoot(spare, State.ACTIVE));
        assertThat(vault.keyedName("t", "c", "user-7")).isNotEqualTo(keyed);
        // Without a spare one is made: there is always an active one.
        assertThat(vault.endRoot(spare)).contains(0);
        assertThat(vault.roots())
                .hasSize(1)
                .noneMatch(root -> Set.of(leaked, spare).contains(root.kid()));
        String next = vault.prepareRoot();
        assertThat(vault.endRoot(next)).as("a spare").contains(0);
        assertThat(vault.activateRoot(next)).isFalse();
    }

    @Test
    void rootsWhenRestartedThenTheSameUnlessEndedAndTheFileIsSealed() throws IOException {
        Passphrase passphrase = Passphrase.of("only for this test run".toCharArray());
        Path file = directory.resolve("pseudonym-roots.json");
        String jane;
        List<PseudonymRoot> roots;
        try (LocalKeyManagement kms =
                LocalKeyManagement.open(directory.resolve("keyset.json"), passphrase, new SecureRandom())) {
            ConversationVault first = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            first.prepareRoot();
            roots = first.roots();
            jane = first.openBy("t", "c", List.of("Hello")).pseudonym(person("Jane"), _ -> false);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("pseudonym-");
        }
        try (LocalKeyManagement kms =
                LocalKeyManagement.open(directory.resolve("keyset.json"), passphrase, new SecureRandom())) {
            ConversationVault second = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            assertThat(second.roots()).isEqualTo(roots);
            assertThat(second.openBy("t", "c", List.of("Hello")).pseudonym(person("Jane"), _ -> false))
                    .isEqualTo(jane);
            second.endRoot(roots.getFirst().kid());
            second.prepareRoot();
            second.endRoot(second.roots().getLast().kid());
            ConversationVault third = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            assertThat(third.roots())
                    .containsExactly(new PseudonymRoot(roots.getLast().kid(), State.ACTIVE));
        }
        try (LocalKeyManagement other =
                LocalKeyManagement.open(directory.resolve("other.json"), passphrase, new SecureRandom())) {
            byte[] before = Files.readAllBytes(file);
            assertThatExceptionOfType(KeyManagementException.class)
                    .isThrownBy(() -> vault(new SealedRoots(other, new WrappedSetFiles(directory))));
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
    }

    @Test
    void rootsWhenWhatWrapsThemIsRotatedThenTheyFollowWithoutARestart() {
        Passphrase passphrase = Passphrase.of("only for this test run".toCharArray());
        try (LocalKeyManagement kms =
                LocalKeyManagement.open(directory.resolve("keyset.json"), passphrase, new SecureRandom())) {
            ConversationVault first = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            first.prepareRoot();
            assertThat(first.renewRoots()).as("nothing is due").isZero();
            kms.rotate(SealedRoots.WRAPPING);
            assertThat(first.renewRoots()).isEqualTo(1);
            assertThat(first.renewRoots()).isZero();
            kms.destroyBefore(SealedRoots.WRAPPING, 2);
            first.endRoot(first.roots().getLast().kid());
            assertThat(vault(new SealedRoots(kms, new WrappedSetFiles(directory)))
                            .roots())
                    .isEqualTo(first.roots());
        }
    }

    @Test
    void rootWhenItsEndCouldNotBeKeptThenEndedAllTheSameAndKeptLater() {
        Map<String, byte[]> disk = new HashMap<>();
        AtomicBoolean full = new AtomicBoolean();
        RootStore store = new RootStore() {
            @Override
            public Optional<byte[]> read() {
                return Optional.ofNullable(disk.get("roots")).map(byte[]::clone);
            }

            @Override
            public void update(Function<Optional<byte[]>, byte[]> change) {
                if (full.get()) {
                    throw new IllegalStateException("the disk is full");
                }
                disk.put("roots", change.apply(read()));
            }

            @Override
            public int renew() {
                return 0;
            }
        };
        ConversationVault failing = vault(store);
        String leaked = failing.roots().getFirst().kid();
        full.set(true);
        assertThatIllegalStateException().isThrownBy(() -> failing.endRoot(leaked));
        assertThat(failing.roots()).noneMatch(root -> root.kid().equals(leaked));
        full.set(false);
        failing.sweep();
        assertThat(vault(store).roots()).isEqualTo(failing.roots());
    }

    @Test
    void conversationsDoNotWaitForTheKeepingOfRoots() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        ConversationVault patient = vault(new RootStore() {
            @Override
            public Optional<byte[]> read() {
                return Optional.empty();
            }

            @Override
            public void update(Function<Optional<byte[]>, byte[]> change) {
                var _ = change.apply(Optional.empty());
                if (slow.get()) {
                    writing.countDown();
                    try {
                        answered.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }

            @Override
            public int renew() {
                return 0;
            }
        });
        slow.set(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> spare = threads.submit(patient::prepareRoot);
            try {
                assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
                Future<Conversation> opened = threads.submit(() -> patient.open(name("t", "c", "1")));
                assertThat(opened.get(10, TimeUnit.SECONDS)).isNotNull();
            } finally {
                answered.countDown();
            }
            assertThat(spare.get(10, TimeUnit.SECONDS)).startsWith("pseudonym-");
        }
    }

    @Test
    void rootWhenTheAnswerToItsEndWasLostThenEndedAllTheSameAndKeepingGoesOn() {
        try (LocalKeyManagement kms = keyset("keyset.json")) {
            for (boolean arrives : List.of(true, false)) {
                Lossy sets = new Lossy(new HashMap<>());
                ConversationVault first = vault(new SealedRoots(kms, sets));
                String leaked = first.roots().getFirst().kid();
                sets.lost = 2;
                sets.arrives = arrives;
                assertThatExceptionOfType(KeyManagementException.class).isThrownBy(() -> first.endRoot(leaked));
                assertThatExceptionOfType(KeyManagementException.class).isThrownBy(first::prepareRoot);
                first.sweep();
                assertThat(vault(new SealedRoots(kms, sets)).roots())
                        .isEqualTo(first.roots())
                        .noneMatch(root -> root.kid().equals(leaked));
            }
        }
    }

    @Test
    void rootsWhenReadThenUnderTheNewestVersionOfWhatWrapsThem() {
        try (LocalKeyManagement kms = keyset("keyset.json")) {
            List<PseudonymRoot> roots =
                    vault(new SealedRoots(kms, new WrappedSetFiles(directory))).roots();
            KeyName wrapping = KeyName.wrapping("pseudonym");
            kms.rotate(wrapping);
            var _ = vault(new SealedRoots(kms, new WrappedSetFiles(directory)));
            kms.destroyBefore(wrapping, 2);
            assertThat(vault(new SealedRoots(kms, new WrappedSetFiles(directory)))
                            .roots())
                    .isEqualTo(roots);
        }
    }

    @Test
    void rootsWhenTheyCannotBeRenewedAtTheStartThenReadAllTheSameAndRenewedLater() {
        try (LocalKeyManagement kms = keyset("keyset.json")) {
            for (boolean arrives : List.of(true, false)) {
                Lossy sets = new Lossy(new HashMap<>());
                List<PseudonymRoot> roots = vault(new SealedRoots(kms, sets)).roots();
                kms.rotate(SealedRoots.WRAPPING);
                sets.lost = 1;
                sets.arrives = arrives;
                ConversationVault second = vault(new SealedRoots(kms, sets));
                assertThat(second.roots()).isEqualTo(roots);
                assertThat(second.renewRoots()).as("what was not moved yet").isEqualTo(arrives ? 0 : 1);
                String next = second.prepareRoot();
                assertThat(vault(new SealedRoots(kms, sets)).roots())
                        .last()
                        .extracting(PseudonymRoot::kid)
                        .isEqualTo(next);
            }
        }
    }

    @Test
    void rootsWhenNothingIsWrittenForLongThenOneAttemptIsRememberedAndNoMore() {
        try (LocalKeyManagement kms = keyset("keyset.json")) {
            Lossy sets = new Lossy(new HashMap<>());
            ConversationVault failing = vault(new SealedRoots(kms, sets));
            sets.lost = 20;
            assertThatExceptionOfType(KeyManagementException.class).isThrownBy(failing::prepareRoot);
            while (sets.lost > 0) {
                assertThatExceptionOfType(KeyManagementException.class).isThrownBy(failing::sweep);
            }
            assertThat(sets.sent).hasSize(21);
            for (int i = 0; i < 20 && sets.held() > 2; i++) {
                System.gc();
            }
            assertThat(sets.held()).as("what is there, and what was sent last").isLessThanOrEqualTo(2);
            failing.sweep();
            assertThat(vault(new SealedRoots(kms, sets)).roots()).isEqualTo(failing.roots());
        }
    }

    /// Answers get lost, whether or not what was sent arrived.
    private static final class Lossy implements WrappedSets {
        private final Map<String, byte[]> kept;
        private int lost;
        private boolean arrives;
        private final List<WeakReference<byte[]>> sent = new ArrayList<>();

        Lossy(Map<String, byte[]> kept) {
            this.kept = kept;
        }

        long held() {
            return sent.stream().filter(reference -> reference.get() != null).count();
        }

        @Override
        public Optional<byte[]> read(String name) {
            return Optional.ofNullable(kept.get(name));
        }

        @Override
        public boolean replace(String name, byte @Nullable [] expected, byte[] content) {
            sent.add(new WeakReference<>(content));
            boolean replaced = Arrays.equals(kept.get(name), expected);
            boolean isLost = lost > 0 && (replaced || !arrives);
            if (replaced && (arrives || !isLost)) {
                kept.put(name, content);
            }
            if (isLost) {
                lost--;
                throw new KeyManagementException(KeyManagementException.Reason.TIMED_OUT, "No answer in time.");
            }
            return replaced;
        }

        @Override
        public String placeOf(String name) {
            return name;
        }
    }

    private LocalKeyManagement keyset(String file) {
        return LocalKeyManagement.open(
                directory.resolve(file), Passphrase.of("only for this test run".toCharArray()), new SecureRandom());
    }

    private ConversationVault vault(RootStore store) {
        return new ConversationVault(
                new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 3, 1000, 1500),
                store,
                new SecureRandom(),
                clock);
    }

    private String active() {
        return vault.roots().getFirst().kid();
    }

    private static Original person(String value) {
        return new Original("PERSON", value);
    }

    private static ConversationName name(String tenant, String client, String name) {
        return new ConversationName(tenant, client, name);
    }
}
