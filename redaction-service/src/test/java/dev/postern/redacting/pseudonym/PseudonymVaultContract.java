package dev.postern.redacting.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every vault does.
abstract class PseudonymVaultContract {
    static final VaultSettings SETTINGS = new VaultSettings(Duration.ofMinutes(10), Duration.ofHours(1), 3, 1000, 1500);
    static final ConversationName NAME = name("acme-bank", "support-desk", "case-7");

    final MutableClock clock = MutableClock.atNoon();

    /// A vault with nothing in it.
    abstract PseudonymVault vault();

    static ConversationName name(String tenant, String client, String conversation) {
        return new ConversationName(tenant, client, ConversationName.NAMED + conversation);
    }

    static Original person(String value) {
        return new Original("PERSON", value);
    }

    static String pseudonym(PseudonymVault vault, ConversationName name, String person) {
        return vault.in(name, conversation -> conversation.pseudonym(person(person), _ -> false));
    }

    static void learn(PseudonymVault vault, ConversationName name, int from, int to) {
        vault.in(name, conversation -> {
            for (int i = from; i < to; i++) {
                conversation.pseudonym(person("P" + i), _ -> false);
            }
            return true;
        });
    }

    @Test
    void equalValuesGetEqualPseudonymsAndAreRestored() {
        PseudonymVault vault = vault();
        String jane = pseudonym(vault, NAME, "Jane");
        assertThat(jane).matches("PERSON_[0-9A-HJKMNP-TV-Z]{6}").matches(PseudonymCode::checks);
        assertThat(pseudonym(vault, NAME, "Jane")).isEqualTo(jane);
        String mail = vault.in(NAME, it -> it.pseudonym(new Original("EMAIL", "Jane"), _ -> false));
        assertThat(mail).as("of another type").startsWith("EMAIL_");
        assertThat(vault.originals(NAME)).isEqualTo(Map.of(jane, person("Jane"), mail, new Original("EMAIL", "Jane")));
        Original restored = vault.in(NAME, it -> it.original(jane).orElseThrow());
        assertThat(restored).isEqualTo(person("Jane"));
    }

    @Test
    void whatStandsInThePromptAlreadyIsNotGivenOut() {
        PseudonymVault vault = vault();
        ConversationName other = name("t", "c", "1");
        String taken = pseudonym(vault, NAME, "Jane");
        vault.in(
                other,
                it -> assertThat(it.pseudonym(person("Jane"), taken::equals)).isNotEqualTo(taken));
        vault.in(NAME, it -> assertThat(it.pseudonym(person("Joe"), _ -> false)).isNotEqualTo(taken));
    }

    @Test
    void tenantClientAndConversationSeparate() {
        PseudonymVault vault = vault();
        Set<String> pseudonyms = new HashSet<>();
        List<ConversationName> names = List.of(
                name("t", "c", "1"),
                name("t", "c", "2"),
                name("t", "d", "1"),
                name("u", "c", "1"),
                name("tc", "", "1"));
        for (ConversationName name : names) {
            assertThat(vault.originals(name)).as("nobody else's").isEmpty();
            String jane = pseudonym(vault, name, "Jane");
            assertThat(vault.originals(name)).containsOnlyKeys(jane);
            pseudonyms.add(jane);
        }
        assertThat(pseudonyms).hasSize(5);
    }

    @Test
    void conversationWithoutANameIsKnownByHowItOpens() {
        PseudonymVault vault = vault();
        PseudonymVault.Work<String, RuntimeException> jane = it -> it.pseudonym(person("Jane"), _ -> false);
        String first = vault.inOpenedBy("t", "c", List.of("Hello", "I am Jane"), jane);
        Set<String> known = vault.inOpenedBy(
                "t", "c", List.of("Hello", "I am Jane"), it -> it.originals().keySet());
        assertThat(known).containsExactly(first);
        Set<String> unknown = vault.inOpenedBy(
                "t", "c", List.of("HelloI am Jane"), it -> it.originals().keySet());
        assertThat(unknown).isEmpty();
        String another = vault.inOpenedBy("t", "d", List.of("Hello", "I am Jane"), jane);
        assertThat(another).isNotEqualTo(first);
    }

    @Test
    void whatIsNotUsedIsForgottenAndSoIsWhatIsUsedForTooLong() {
        PseudonymVault vault = vault();
        String jane = pseudonym(vault, NAME, "Jane");
        for (int i = 0; i < 6; i++) {
            clock.advance(SETTINGS.idle());
            assertThat(vault.originals(NAME)).as("used").containsOnlyKeys(jane);
        }
        clock.advance(Duration.ofMillis(1));
        assertThat(vault.originals(NAME)).as("after its lifetime").isEmpty();
        pseudonym(vault, NAME, "Jane");
        clock.advance(SETTINGS.idle().plusMillis(1));
        assertThat(vault.originals(NAME)).as("idle").isEmpty();
    }

    @Test
    void valuesOfAConversationAreBoundedAndStayDistinct() {
        PseudonymVault vault = vault();
        learn(vault, NAME, 0, 700);
        learn(vault, NAME, 700, 1400);
        Map<String, Original> known = vault.originals(NAME);
        assertThat(known).hasSize(1000).containsValue(person("P1399")).doesNotContainValue(person("P0"));
        assertThat(Set.copyOf(known.values())).hasSize(1000);
        // A long one counts for many.
        vault.in(NAME, it -> it.pseudonym(person("x".repeat(256 * 999)), _ -> false));
        assertThat(vault.originals(NAME)).hasSize(1);
    }

    @Test
    void conversationsAreBoundedAndTheLongestUnusedGoFirst() {
        PseudonymVault vault = vault();
        for (String each : List.of("1", "2", "3")) {
            pseudonym(vault, name("t", "c", each), "Jane");
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(vault.originals(name("t", "c", "1"))).isNotEmpty();
        clock.advance(Duration.ofMillis(1));
        pseudonym(vault, name("t", "c", "4"), "Jane");
        assertThat(vault.originals(name("t", "c", "2"))).isEmpty();
        for (String each : List.of("1", "3", "4")) {
            assertThat(vault.originals(name("t", "c", each))).as(each).hasSize(1);
        }
    }

    @Test
    void valuesOfAllConversationsTogetherAreBounded() {
        PseudonymVault vault = vault();
        learn(vault, name("t", "c", "1"), 0, 800);
        clock.advance(Duration.ofMillis(1));
        learn(vault, name("t", "c", "2"), 0, 800);
        clock.advance(Duration.ofMillis(1));
        pseudonym(vault, name("t", "c", "3"), "Jane");
        assertThat(vault.originals(name("t", "c", "1"))).isEmpty();
        assertThat(vault.originals(name("t", "c", "2"))).hasSize(800);
        // What was forgotten counts no more.
        assertThat(vault.forget(name("t", "c", "2"))).isTrue();
        learn(vault, name("t", "c", "4"), 0, 900);
        assertThat(vault.originals(name("t", "c", "3"))).hasSize(1);
        assertThat(vault.originals(name("t", "c", "4"))).hasSize(900);
    }

    @Test
    void forgottenConversationIsKnownToNobodyAndOthersStay() {
        PseudonymVault vault = vault();
        pseudonym(vault, NAME, "Jane");
        ConversationName other = name("acme-bank", "support-desk", "case-8");
        String stays = pseudonym(vault, other, "Jane");
        assertThat(vault.forget(name("acme-bank", "another-desk", "case-7"))).isFalse();
        assertThat(vault.forget(NAME)).isTrue();
        assertThat(vault.forget(NAME)).isFalse();
        assertThat(vault.originals(NAME)).isEmpty();
        assertThat(vault.originals(other)).containsOnlyKeys(stays);
        String anew = pseudonym(vault, NAME, "Joe");
        assertThat(vault.originals(NAME)).containsOnlyKeys(anew);
    }

    @Test
    void valuesOfAnyTextComeBackAsTheyWere() {
        PseudonymVault vault = vault();
        for (String value : List.of("a\nb", "", "Zoë 東京 🔑", "\ud83d", "\udd11", "?", "a\u0000b")) {
            String pseudonym = pseudonym(vault, NAME, value);
            assertThat(vault.originals(NAME)).containsEntry(pseudonym, person(value));
            assertThat(pseudonym(vault, NAME, value)).isEqualTo(pseudonym);
        }
    }

    @Test
    void valuesLearntByManyAtOnceHaveOnePseudonymEach() throws Exception {
        PseudonymVault vault = vault();
        Set<String> pseudonyms = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<String>>> prompts = new ArrayList<>();
            for (int prompt = 0; prompt < 6; prompt++) {
                int first = 10 * prompt;
                prompts.add(() -> vault.in(NAME, it -> {
                    List<String> all = new ArrayList<>();
                    for (int i = first; i < first + 20; i++) {
                        all.add(it.pseudonym(person("P" + i), _ -> false));
                    }
                    return all;
                }));
            }
            for (Future<List<String>> answered : threads.invokeAll(prompts)) {
                pseudonyms.addAll(answered.get());
            }
        }
        assertThat(pseudonyms).hasSize(70);
        assertThat(vault.originals(NAME)).containsOnlyKeys(pseudonyms);
    }
}
