package dev.postern.rotation.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The whole transition table: every state with every event.
final class KeyStateTest {
    private static final Instant THEN = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant NOW = THEN.plusSeconds(60);
    private static final Instant UNTIL = NOW.plusSeconds(360);

    private static final List<KeyState> STATES = List.of(
            new KeyState.Prepared(THEN, 7),
            new KeyState.Active(THEN),
            new KeyState.Retiring(THEN, NOW),
            new KeyState.Destroyed(THEN),
            new KeyState.Compromised(THEN));
    private static final List<KeyEvent> EVENTS = List.of(
            new KeyEvent.Activate(NOW),
            new KeyEvent.Retire(NOW, UNTIL),
            new KeyEvent.Destroy(NOW),
            new KeyEvent.Compromise(NOW));

    private static final Map<String, KeyState> TABLE = Map.of(
            "PREPARED Activate", new KeyState.Active(NOW),
            "PREPARED Retire", new KeyState.Retiring(NOW, UNTIL),
            "ACTIVE Retire", new KeyState.Retiring(NOW, UNTIL),
            "RETIRING Destroy", new KeyState.Destroyed(NOW),
            "PREPARED Compromise", new KeyState.Compromised(NOW),
            "ACTIVE Compromise", new KeyState.Compromised(NOW),
            "RETIRING Compromise", new KeyState.Compromised(NOW),
            "DESTROYED Compromise", new KeyState.Compromised(NOW));

    @Test
    void everyStateAnswersEveryEventAsTheTableSays() {
        Map<String, KeyState> taken = new HashMap<>();
        for (KeyState state : STATES) {
            for (KeyEvent event : EVENTS) {
                String pair = state.label() + " " + event.getClass().getSimpleName();
                if (TABLE.containsKey(pair)) {
                    taken.put(pair, state.after(event));
                } else {
                    assertThatThrownBy(() -> state.after(event)).as(pair).isInstanceOf(IllegalTransition.class);
                }
            }
        }
        assertThat(taken).isEqualTo(TABLE);
    }

    @Test
    void theTableKnowsEveryStateAndEvent() {
        assertThat(names(STATES)).isEqualTo(permitted(KeyState.class));
        assertThat(names(EVENTS)).isEqualTo(permitted(KeyEvent.class));
    }

    private static Set<String> names(List<?> values) {
        return values.stream().map(it -> it.getClass().getSimpleName()).collect(Collectors.toSet());
    }

    private static Set<String> permitted(Class<?> sealedType) {
        return Arrays.stream(sealedType.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    }

    @Test
    void nothingIsDestroyedBeforeItsVerificationWindowEnds() {
        KeyState retiring = new KeyState.Retiring(THEN, NOW);

        assertThatThrownBy(() -> retiring.after(new KeyEvent.Destroy(NOW.minusMillis(1))))
                .isInstanceOf(IllegalTransition.class);
        assertThat(retiring.after(new KeyEvent.Destroy(NOW))).isEqualTo(new KeyState.Destroyed(NOW));
    }

    @Test
    void destroyedAndCompromisedKeysAreGoodForNothing() {
        assertThat(STATES).extracting(KeyState::usable).containsExactly(true, true, true, false, false);
        assertThat(STATES)
                .extracting(KeyState::label)
                .containsExactly("PREPARED", "ACTIVE", "RETIRING", "DESTROYED", "COMPROMISED");
    }

    @Test
    void nobodyRetiresIntoThePast() {
        assertThatThrownBy(() -> new KeyEvent.Retire(NOW, THEN)).isInstanceOf(IllegalArgumentException.class);
    }
}
