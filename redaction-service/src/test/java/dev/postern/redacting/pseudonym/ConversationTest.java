package dev.postern.redacting.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ConversationTest {
    private static final PseudonymKey KEY = PseudonymKey.generate(new SecureRandom());
    private final MutableClock clock = MutableClock.atNoon();
    private final ConversationVault vault =
            new ConversationVault(KEY, new VaultSettings(Duration.ofMinutes(10), 3, 1000, 1500), clock);

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
        Conversation other = new ConversationVault(KEY, new VaultSettings(Duration.ofMinutes(1), 3, 10, 100), clock)
                .open(name("t", "c", "1"));
        assertThat(other.pseudonym(person("Jane"), taken::equals)).isNotEqualTo(taken);
    }

    @Test
    void manyValuesStayDistinctAndBounded() {
        Conversation conversation = vault.open(name("t", "c", "1"));
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
        assertThat(KEY.toString()).isEqualTo("PseudonymKey[hidden]");
        assertThat(person("Jane").toString()).doesNotContain("Jane");
    }

    private static Original person(String value) {
        return new Original("PERSON", value);
    }

    private static ConversationName name(String tenant, String client, String name) {
        return new ConversationName(tenant, client, name);
    }
}
