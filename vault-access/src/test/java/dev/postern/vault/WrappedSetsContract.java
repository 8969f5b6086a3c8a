package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What every implementation of [WrappedSets] keeps.
abstract class WrappedSetsContract {
    private static final byte[] ONE = "one".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TWO = "two".getBytes(StandardCharsets.US_ASCII);

    /// Empty at the start of each test.
    abstract WrappedSets sets();

    @Test
    void whatWasPutIsThere() {
        assertThat(sets().read("state")).isEmpty();
        assertThat(sets().replace("state", null, ONE)).isTrue();
        assertThat(sets().read("state")).hasValue(ONE);
        assertThat(sets().replace("state", ONE, TWO)).isTrue();
        assertThat(sets().read("state")).hasValue(TWO);
        assertThat(sets().read("another")).isEmpty();
    }

    @Test
    void nobodyReplacesWhatTheyHadNotSeen() {
        assertThat(sets().replace("state", ONE, TWO)).isFalse();
        assertThat(sets().read("state")).isEmpty();
        assertThat(sets().replace("state", null, ONE)).isTrue();
        assertThat(sets().replace("state", null, TWO)).isFalse();
        assertThat(sets().replace("state", TWO, TWO)).isFalse();
        assertThat(sets().read("state")).hasValue(ONE);
    }

    @Test
    void namesAreBounded() {
        for (String name : new String[] {"", "../state", "a/b", "UPPER"}) {
            assertThatThrownBy(() -> sets().read(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
