package dev.postern.redact.policy;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.matching.LiteralTrie;
import dev.postern.redact.scan.ScannedText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Literal values as a policy lists them, found as whole words, whatever their case and however many blanks lie between
/// their words. Immutable; prints nothing of them.
///
/// Time: at most the longest literal for each place where a word begins.
final class Literals {
    private final LiteralTrie<Listed> trie = new LiteralTrie<>();
    private boolean empty = true;

    /// What one spelling counts as: with two lists that name it, both.
    private record Listed(List<Entity> entities) {}

    void add(String literal, Entity entity) {
        StringBuilder spelling = new StringBuilder();
        String plain = ScannedText.of(literal, "", "").text().strip();
        for (int i = 0; i < plain.length(); i = next(plain, i)) {
            spelling.append(folded(plain.charAt(i)));
        }
        if (spelling.isEmpty()) {
            return;
        }
        empty = false;
        trie.add(spelling, new Listed(new ArrayList<>()));
        find(spelling.toString(), 0, (end, listed) -> {
            if (end == spelling.length() && !listed.entities().contains(entity)) {
                listed.entities().add(entity);
            }
        });
    }

    boolean isEmpty() {
        return empty;
    }

    /// Every occurrence, overlapping ones too.
    List<Span> in(String text) {
        if (empty) {
            return List.of();
        }
        List<Span> found = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (Words.boundary(text, i) && !Character.isWhitespace(text.charAt(i))) {
                int start = i;
                find(text, i, (end, listed) -> {
                    if (Words.boundary(text, end)) {
                        listed.entities().forEach(entity -> found.add(new Span(start, end, entity, 1)));
                    }
                });
            }
        }
        return found;
    }

    private interface Hit {
        void at(int end, Listed listed);
    }

    private void find(String text, int start, Hit hit) {
        LiteralTrie.@Nullable Node<Listed> node = trie.root();
        for (int i = start; i < text.length(); i = next(text, i)) {
            node = node.next(folded(text.charAt(i)));
            if (node == null) {
                return;
            }
            Listed listed = node.value();
            if (listed != null) {
                hit.at(i + 1, listed);
            }
        }
    }

    /// The next character, with all blanks in a row as one.
    private static int next(String text, int at) {
        int next = at + 1;
        if (Character.isWhitespace(text.charAt(at))) {
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
        }
        return next;
    }

    private static char folded(char c) {
        return Character.isWhitespace(c) ? ' ' : Character.toLowerCase(Character.toUpperCase(c));
    }

    @Override
    public String toString() {
        return "Literals[hidden]";
    }
}
