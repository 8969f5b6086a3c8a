package dev.postern.auditing.leaf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LeafTest {

    @Test
    void aLeafHasTheseBytes() {
        assertThat(new Leaf(Leaf.Kind.EVENT, new byte[] {'{', '}'}).bytes()).containsExactly(1, 1, '{', '}');
        assertThat(new Leaf(Leaf.Kind.OPENING, new byte[0]).bytes()).containsExactly(1, 2);
        assertThat(new Leaf(Leaf.Kind.CLOSING, new byte[0]).bytes()).containsExactly(1, 3);
    }

    @Test
    void aLeafIsReadBack() {
        assertThat(Leaf.parse(new byte[] {1, 3, 7})).hasValueSatisfying(leaf -> {
            assertThat(leaf.kind()).isEqualTo(Leaf.Kind.CLOSING);
            assertThat(leaf.body()).containsExactly(7);
        });
    }

    @Test
    void otherVersionsAndKindsAreNotGuessedAt() {
        assertThat(Leaf.parse(new byte[] {2, 1, 7})).isEmpty();
        assertThat(Leaf.parse(new byte[] {1, 9, 7})).isEmpty();
        assertThat(Leaf.parse(new byte[] {1})).isEmpty();
        assertThat(Leaf.parse(new byte[0])).isEmpty();
    }
}
