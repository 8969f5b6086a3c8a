package dev.postern.redact.detection;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.matching.LiteralTrie;
import dev.postern.redact.name.NameDetector;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values that were found once and are looked for everywhere else: exact, as whole words. Of a person's name its parts
/// are known as well, so that "Jane Doe … Doe said" hides both. It holds raw values: keep it no longer than its prompt.
public final class KnownValues {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 256;

    private final LiteralTrie<Entity> literals = new LiteralTrie<>();

    private KnownValues() {}

    static KnownValues of(Map<String, Entity> values, NameDetector names) {
        KnownValues known = new KnownValues();
        values.forEach((value, entity) -> {
            if (names.isPerson(entity)) {
                names.partsWorthKnowing(value).forEach(part -> known.add(part, entity));
            } else {
                known.add(value, entity);
            }
        });
        return known;
    }

    private void add(String value, Entity entity) {
        if (value.length() >= SHORTEST && value.length() <= LONGEST) {
            literals.add(value, entity);
        }
    }

    void find(String text, List<Span> found) {
        int i = 0;
        while (i < text.length()) {
            int end = startsWord(text, i) ? longest(text, i, found) : -1;
            i = end > i ? end : i + 1;
        }
    }

    private int longest(String text, int start, List<Span> found) {
        LiteralTrie.@Nullable Node<Entity> node = literals.root();
        int end = -1;
        @Nullable Entity entity = null;
        for (int i = start; i < text.length(); i++) {
            node = node.next(text.charAt(i));
            if (node == null) {
                break;
            }
            Entity here = node.value();
            if (here != null && endsWord(text, i + 1)) {
                end = i + 1;
                entity = here;
            }
        }
        if (entity != null) {
            found.add(new Span(start, end, entity, 0.9));
        }
        return end;
    }

    private static boolean startsWord(String text, int at) {
        return at == 0
                || !Character.isLetterOrDigit(text.charAt(at - 1))
                || !Character.isLetterOrDigit(text.charAt(at));
    }

    private static boolean endsWord(String text, int at) {
        return at == text.length()
                || !Character.isLetterOrDigit(text.charAt(at))
                || !Character.isLetterOrDigit(text.charAt(at - 1));
    }
}
