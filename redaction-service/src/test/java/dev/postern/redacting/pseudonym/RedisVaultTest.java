package dev.postern.redacting.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import dev.postern.kms.envelope.SetKeyShelf;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.test.RedisForTests;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract in a real Redis, and what Redis, its keepers and other replicas may do to it.
final class RedisVaultTest extends PseudonymVaultContract {
    private static final String CONVERSATIONS = "*}:?." + "?".repeat(22);
    private static final KeyName STORE = KeyName.wrapping("pseudonym-vault");

    @TempDir
    static Path home;

    private static RedisForTests redis;
    private static RedisLink link;
    private static LocalKeyManagement kms;

    private final SecureRandom random = new SecureRandom();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Path keys;

    @BeforeAll
    static void startRedis() throws IOException {
        Files.writeString(home.resolve("password"), RedisForTests.PASSWORD);
        redis = RedisForTests.start();
        link = link(redis);
        kms = keyManagement("keyset.json");
    }

    private static LocalKeyManagement keyManagement(String file) {
        return LocalKeyManagement.open(
                home.resolve(file), Passphrase.of("only for this test run".toCharArray()), new SecureRandom());
    }

    @AfterAll
    static void stopRedis() throws IOException {
        kms.close();
        link.close();
        redis.close();
    }

    @BeforeEach
    void openKeys() throws IOException {
        keys = Files.createTempDirectory(home, "keys");
        redis().flushall();
    }

    private static RedisLink link(RedisForTests redis) {
        RedisLink link = RedisLink.open(
                new RedisSettings(redis.host(), redis.port(), home.resolve("password"), Duration.ofSeconds(5)));
        awaitReachable(link);
        return link;
    }

    private static void awaitReachable(RedisLink link) {
        while (!link.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
    }

    private static RedisCommands<String, String> redis() {
        return link.connection().orElseThrow().sync();
    }

    private KeyRing ring() {
        return ring(kms);
    }

    private KeyRing ring(LocalKeyManagement kms) {
        return KeyRing.open(kms, STORE, new SetKeyShelf(new WrappedSetFiles(keys), "vault-keys"), random, clock);
    }

    @Override
    RedisVault vault() {
        return vault(link, ring(), SETTINGS);
    }

    private RedisVault vault(RedisLink link, KeyRing ring, VaultSettings settings) {
        ConversationVault roots = new ConversationVault(SETTINGS, RootStore.none(), random, clock);
        return new RedisVault(roots, link, ring, settings, random, meters, clock);
    }

    /// The only conversation there is.
    private static String only() {
        List<String> all = redis().keys(CONVERSATIONS);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<String> records(String conversation) {
        return redis().hkeys(conversation).stream()
                .filter(field -> field.length() > 1)
                .toList();
    }

    private double damaged() {
        return meters.counter("postern.redaction.vault.damaged").count();
    }

    @Test
    void anotherReplicaAndTheNextProcessKnowWhatTheFirstLearnt() {
        RedisVault here = vault();
        RedisVault there = vault();
        String jane = pseudonym(here, NAME, "Jane");
        assertThat(there.originals(NAME)).isEqualTo(Map.of(jane, person("Jane")));
        assertThat(pseudonym(there, NAME, "Jane")).isEqualTo(jane);
        String joe = pseudonym(there, NAME, "Joe");
        assertThat(pseudonym(here, NAME, "Joe")).isEqualTo(joe);
        String opened = here.inOpenedBy("t", "c", List.of("Hi"), it -> it.pseudonym(person("Ann"), _ -> false));
        Set<String> known =
                there.inOpenedBy("t", "c", List.of("Hi"), it -> it.originals().keySet());
        assertThat(known).containsExactly(opened);

        assertThat(there.forget(NAME)).isTrue();
        assertThat(here.originals(NAME)).isEmpty();
        assertThat(pseudonym(here, NAME, "Jane")).as("under another key").isNotEqualTo(jane);
    }

    @Test
    void twoReplicasThatBeginAConversationAtOnceAgreeOnItsKey() {
        RedisVault here = vault();
        RedisVault there = vault();
        AtomicInteger runs = new AtomicInteger();
        String jane = here.in(NAME, it -> {
            String first = it.pseudonym(person("Jane"), _ -> false);
            if (runs.incrementAndGet() == 1) {
                assertThat(pseudonym(there, NAME, "Jane")).as("another key").isNotEqualTo(first);
            }
            return first;
        });
        assertThat(runs).hasValue(2);
        assertThat(pseudonym(there, NAME, "Jane")).isEqualTo(jane);
        assertThat(here.originals(NAME)).containsOnlyKeys(jane);
    }

    @Test
    void pseudonymThatTwoReplicasGiveToUnlikeValuesAtOnceStandsForOne() {
        RedisVault here = vault();
        RedisVault there = vault();
        pseudonym(here, NAME, "first");
        ConversationKey key = here.in(NAME, it -> ((RedisConversation) it).key());
        Map<String, String> called = new HashMap<>();
        String one = "";
        Optional<String> other = Optional.empty();
        for (int i = 0; other.isEmpty(); i++) {
            one = "P" + i;
            other = Optional.ofNullable(called.put(key.candidate(person(one), 0), one));
        }
        String ours = one;
        String theirs = other.get();
        AtomicInteger runs = new AtomicInteger();
        List<String> given = here.in(NAME, it -> {
            String mine = it.pseudonym(person(ours), _ -> false);
            return runs.incrementAndGet() > 1 ? List.of(mine) : List.of(mine, pseudonym(there, NAME, theirs));
        });
        assertThat(runs).as("the second one is redacted again").hasValue(2);
        assertThat(given).doesNotContain(key.candidate(person(ours), 0));
        assertThat(there.originals(NAME))
                .containsEntry(given.getFirst(), person(ours))
                .containsEntry(key.candidate(person(theirs), 0), person(theirs))
                .hasSize(3);
    }

    @Test
    void sameValueLearntByTwoReplicasAtOnceIsNoConflict() {
        RedisVault here = vault();
        RedisVault there = vault();
        pseudonym(here, NAME, "first");
        AtomicInteger runs = new AtomicInteger();
        here.in(NAME, it -> {
            runs.incrementAndGet();
            return assertThat(it.pseudonym(person("Jane"), _ -> false)).isEqualTo(pseudonym(there, NAME, "Jane"));
        });
        assertThat(runs).hasValue(1);
    }

    @Test
    void conversationForgottenWhileAPromptIsRedactedBeginsAnew() {
        RedisVault vault = vault();
        String before = pseudonym(vault, NAME, "Jane");
        AtomicInteger runs = new AtomicInteger();
        String joe = vault.in(NAME, it -> {
            String pseudonym = it.pseudonym(person("Joe"), _ -> false);
            if (runs.incrementAndGet() == 1) {
                vault.forget(NAME);
            }
            return pseudonym;
        });
        assertThat(vault.originals(NAME)).containsOnlyKeys(joe).doesNotContainKey(before);
    }

    @Test
    void nothingReadableLiesInRedisAndEverythingExpires() {
        RedisVault vault = vault();
        String jane = pseudonym(vault, NAME, "Jane Q. Canary");
        StringBuilder everything = new StringBuilder();
        for (String key : redis().keys("*")) {
            everything
                    .append(key)
                    .append('\n')
                    .append(
                            switch (redis().type(key)) {
                                case "hash" -> redis().hgetall(key).toString();
                                case "list" -> redis().lrange(key, 0, -1).toString();
                                default -> redis().zrange(key, 0, -1).toString();
                            });
            assertThat(redis().pttl(key)).as(key).isBetween(1L, SETTINGS.idle().toMillis());
        }
        assertThat(everything.toString())
                .contains("pe1.")
                .doesNotContain("Jane", "Canary", "acme", "support", "case-7", "PERSON", jane.substring(7));
        // Near the end of its lifetime Redis keeps it no longer either.
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMinutes(10));
            vault.originals(NAME);
        }
        clock.advance(Duration.ofMinutes(9));
        vault.originals(NAME);
        assertThat(redis().pttl(only())).isBetween(1L, Duration.ofMinutes(1).toMillis());
    }

    @Test
    void recordsWithoutTheirKeyAreUnreadable() {
        RedisVault vault = vault();
        pseudonym(vault, NAME, "Jane");
        String conversation = only();
        Map<String, String> copy = redis().hgetall(conversation);
        vault.forget(NAME);
        assertThat(redis().keys("*" + conversation.substring(conversation.indexOf('}')) + "*"))
                .isEmpty();
        copy.remove("k");
        redis().hset(conversation, copy);
        assertThat(vault.originals(NAME)).isEmpty();
        // Nor does the next key open them.
        String joe = pseudonym(vault, NAME, "Joe");
        copy.forEach((field, record) -> redis().hsetnx(conversation, field, record));
        assertThat(vault.originals(NAME)).containsOnlyKeys(joe);
    }

    @Test
    void recordThatWasAlteredOrMovedStandsForNothing() {
        RedisVault vault = vault();
        String jane = pseudonym(vault, NAME, "Jane");
        String conversation = only();
        String field = records(conversation).getFirst();
        String record = redis().hget(conversation, field);
        String joe = pseudonym(vault, NAME, "Joe");
        char last = record.charAt(40);
        redis().hset(conversation, field, record.substring(0, 40) + (last == 'A' ? 'B' : 'A') + record.substring(41));
        assertThat(vault.originals(NAME)).containsOnlyKeys(joe);
        assertThat(damaged()).isEqualTo(1);
        String again = pseudonym(vault, NAME, "Jane");
        assertThat(again).as("what nobody can check is not given out").isNotEqualTo(jane);
        assertThat(pseudonym(vault, NAME, "Jane")).isEqualTo(again);

        // Put right, both stand for the value, and all replicas go on with the same.
        redis().hset(conversation, field, record);
        assertThat(vault.originals(NAME).keySet()).containsExactlyInAnyOrder(jane, again, joe);
        assertThat(pseudonym(vault(), NAME, "Jane")).isEqualTo(pseudonym(vault, NAME, "Jane"));

        // In another record's place, and in another conversation of the same name but for the client.
        String other = records(conversation).stream()
                .filter(each -> !each.equals(field))
                .findFirst()
                .orElseThrow();
        redis().hset(conversation, other, record);
        assertThat(vault.originals(NAME)).hasSize(2);
        ConversationName elsewhere = name("acme-bank", "another-desk", "case-7");
        String ann = pseudonym(vault, elsewhere, "Ann");
        redis().keys(CONVERSATIONS).stream()
                .filter(key -> !key.equals(conversation))
                .forEach(key -> redis().hset(key, field, record));
        assertThat(vault.originals(elsewhere)).containsOnlyKeys(ann);
    }

    @Test
    void keyThatWasAlteredOrMovedOpensNothingAndTheConversationBeginsAnew() {
        RedisVault vault = vault();
        pseudonym(vault, NAME, "Jane");
        String conversation = only();
        ConversationName elsewhere = name("another-bank", "support-desk", "case-7");
        String ann = pseudonym(vault, elsewhere, "Ann");
        String foreign = redis().keys(CONVERSATIONS).stream()
                .filter(key -> !key.equals(conversation))
                .findFirst()
                .orElseThrow();
        // All of another tenant's conversation in the place of this one.
        redis().del(conversation);
        redis().hset(conversation, redis().hgetall(foreign));
        assertThat(vault.originals(NAME)).isEmpty();
        assertThat(damaged()).isEqualTo(1);
        assertThat(redis().exists(conversation)).isZero();
        assertThat(vault.originals(elsewhere)).containsOnlyKeys(ann);
        String joe = pseudonym(vault, NAME, "Joe");
        assertThat(vault.originals(NAME)).containsOnlyKeys(joe);
    }

    @Test
    void boundsAreThoseOfEachTenant() {
        RedisVault vault = vault();
        String jane = pseudonym(vault, NAME, "Jane");
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMillis(1));
            learn(vault, name("t", "c", "n" + i), 0, 900);
        }
        assertThat(vault.originals(NAME)).containsOnlyKeys(jane);
        assertThat(redis().keys("*:order")).hasSize(2);
        assertThat(redis().keys("*:weights").stream()
                        .map(key -> redis().hget(key, "all"))
                        .toList())
                .containsExactlyInAnyOrder("1", "900");
    }

    @Test
    void conversationsAreSealedAnewUnderTheNextDataKeyAndTheOldOneIsNeededNoMore() {
        KeyRing ring = ring();
        RedisVault here = vault(link, ring, SETTINGS);
        RedisVault there = vault();
        String jane = pseudonym(here, NAME, "Jane");
        pseudonym(here, name("u", "c", "1"), "Jane");
        assertThat(here.reseal()).as("nothing is due").isZero();
        String before = redis().hget(redis().keys(CONVERSATIONS).getFirst(), "k");

        ring.advanceTo(KeyUse.RECORDS, 2);
        assertThat(pseudonym(there, NAME, "Jane")).isEqualTo(jane);
        assertThat(here.reseal()).isEqualTo(2);
        assertThat(here.reseal()).isZero();
        ring.destroy(KeyUse.RECORDS, 1);
        assertThat(redis().hget(redis().keys(CONVERSATIONS).getFirst(), "k")).isNotEqualTo(before);
        assertThat(here.originals(NAME)).containsOnlyKeys(jane);
        assertThat(there.originals(NAME)).as("meets the key when it needs it").containsOnlyKeys(jane);
        assertThat(vault().originals(NAME)).containsOnlyKeys(jane);

        // What was not sealed anew is shredded with its data key.
        ring.advanceTo(KeyUse.RECORDS, 3);
        ring.destroy(KeyUse.RECORDS, 2);
        assertThat(vault().originals(NAME)).isEmpty();
        assertThat(damaged()).isEqualTo(1);
        assertThat(here.reseal()).as("the other one is dropped").isZero();
        assertThat(redis().keys(CONVERSATIONS)).isEmpty();
    }

    @Test
    void promptsAskKeyManagementForNothing() throws IOException {
        LocalKeyManagement own = keyManagement("own.json");
        RedisVault vault = vault(link, ring(own), SETTINGS);
        own.close();
        for (int i = 0; i < 3; i++) {
            pseudonym(vault, name("t", "c", "n" + i), "Jane");
            assertThat(vault.originals(name("t", "c", "n" + i))).hasSize(1);
        }
        Path shelf = keys.resolve("vault-keys.json");
        Files.delete(shelf);
        Files.createDirectory(shelf);
        clock.advance(KeyRing.SEALS_FOR.plusMillis(1));
        assertThatExceptionOfType(VaultUnavailable.class)
                .as("but not for ever")
                .isThrownBy(() -> pseudonym(vault, NAME, "Jane"));
    }

    @Test
    void whileRedisIsAwayNothingIsRedactedAndAfterwardsItGoesOn() throws IOException {
        RedisForTests first = RedisForTests.startOn(freePort());
        try (RedisLink other = link(first)) {
            RedisVault vault = vault(other, ring(), SETTINGS);
            String jane = pseudonym(vault, NAME, "Jane");
            AtomicInteger runs = new AtomicInteger();
            assertThatExceptionOfType(VaultUnavailable.class)
                    .isThrownBy(() -> vault.in(NAME, it -> {
                        runs.incrementAndGet();
                        close(first);
                        return it.pseudonym(person("Joe"), _ -> false);
                    }));
            assertThat(runs).as("what could not be kept is not given out").hasValue(1);
            assertThatExceptionOfType(VaultUnavailable.class).isThrownBy(() -> vault.originals(NAME));
            assertThatExceptionOfType(VaultUnavailable.class).isThrownBy(() -> vault.forget(NAME));
            assertThat(meters.timer("postern.redaction.vault", "step", "open", "outcome", "unavailable")
                            .count())
                    .isEqualTo(1);

            try (RedisForTests second = RedisForTests.startOn(first.port())) {
                awaitReachable(other);
                assertThat(second.port()).isEqualTo(first.port());
                clock.advance(Duration.ofSeconds(1));
                assertThat(vault.originals(NAME))
                        .as("it kept nothing over its restart")
                        .isEmpty();
                assertThat(pseudonym(vault, NAME, "Jane")).isNotEqualTo(jane);
            }
        }
    }

    private static void close(RedisForTests redis) {
        try {
            redis.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
