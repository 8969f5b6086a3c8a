package dev.postern.redact.matching;

import org.jspecify.annotations.Nullable;

/// A set of literals, each with a value, walked one character at a time. Not safe for concurrent building; walking is
/// safe once building has ended.
///
/// @param <V> what a literal stands for
public final class LiteralTrie<V> {
    private final Node<V> root = new Node<>('\0');

    /// A place in the trie. `null` edges mean that no literal goes on so.
    public static final class Node<V> {
        private final char label;
        private @Nullable Node<V> firstChild;
        private @Nullable Node<V> nextSibling;
        private @Nullable V value;

        private Node(char label) {
            this.label = label;
        }

        public @Nullable Node<V> next(char c) {
            for (Node<V> child = firstChild; child != null; child = child.nextSibling) {
                if (child.label == c) {
                    return child;
                }
            }
            return null;
        }

        /// What the literal that ends here stands for.
        public @Nullable V value() {
            return value;
        }

        private Node<V> nextOrNew(char c) {
            Node<V> known = next(c);
            if (known != null) {
                return known;
            }
            Node<V> created = new Node<>(c);
            created.nextSibling = firstChild;
            firstChild = created;
            return created;
        }
    }

    public Node<V> root() {
        return root;
    }

    /// The first value given for a literal stays.
    public void add(CharSequence literal, V value) {
        Node<V> node = root;
        for (int i = 0; i < literal.length(); i++) {
            node = node.nextOrNew(literal.charAt(i));
        }
        if (node.value == null) {
            node.value = value;
        }
    }
}
