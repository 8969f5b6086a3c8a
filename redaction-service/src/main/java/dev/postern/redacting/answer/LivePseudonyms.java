package dev.postern.redacting.answer;

import dev.postern.redact.matching.LiteralTrie;
import dev.postern.redact.stream.Opaque;
import dev.postern.redacting.pseudonym.Original;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pseudonyms of one exchange, as a model may write them: in any case, and with its `_` turned into a blank, a
/// hyphen or an escaped `_` (Markdown, and Markdown in JSON). What surrounds one (backticks, `<>`) stays around the
/// restored value. Anything else is mangled, and is left as it is.
public final class LivePseudonyms implements Opaque {
    private static final List<String> SEPARATORS = List.of("_", " ", "-", "\\_", "\\\\_");

    private final LiteralTrie<Original> spellings = new LiteralTrie<>();

    private LivePseudonyms() {}

    public static LivePseudonyms of(Map<String, Original> live) {
        LivePseudonyms pseudonyms = new LivePseudonyms();
        live.forEach((pseudonym, original) ->
                SEPARATORS.forEach(separator -> pseudonyms.spellings.add(pseudonym.replace("_", separator), original)));
        return pseudonyms;
    }

    LiteralTrie.Node<Original> root() {
        return spellings.root();
    }

    @Override
    public int end(CharSequence text, int at) {
        LiteralTrie.@Nullable Node<Original> node = spellings.root();
        for (int i = at; i < text.length(); i++) {
            node = node.next(folded(text.charAt(i)));
            if (node == null) {
                return NONE;
            }
            if (node.value() != null) {
                return i + 1;
            }
        }
        return OPEN;
    }

    /// ASCII only: a dotless i is no I.
    static char folded(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }
}
