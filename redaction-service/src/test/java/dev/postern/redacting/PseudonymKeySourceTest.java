package dev.postern.redacting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymRoot;
import dev.postern.redacting.pseudonym.PseudonymRoot.State;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the key directory says happens to the vault.
final class PseudonymKeySourceTest {
    private final ConversationVault vault = new ConversationVault(
            new VaultSettings(Duration.ofMinutes(10), 10, 100, 1000),
            RootStore.none(),
            new SecureRandom(),
            MutableClock.atNoon());
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
        String jane = vault.open(name).pseudonym(new Original("PERSON", "Jane"), _ -> false);

        // The owner hears of both in one directory, in any order.
        source.moved(spare, Fate.ACTIVE);
        source.moved(leaked, Fate.COMPROMISED);
        assertThat(vault.roots()).containsExactly(new PseudonymRoot(spare, State.ACTIVE));
        assertThat(vault.find(name)).isEmpty();
        assertThat(source.endedWith(leaked)).hasValue(1);
        assertThat(source.endedWith(spare)).hasValue(0);
        assertThat(vault.open(name).pseudonym(new Original("PERSON", "Jane"), _ -> false))
                .isNotEqualTo(jane);
    }
}
