package dev.postern.redact.stream;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.name.NameDetector;
import dev.postern.redact.scan.Look;
import dev.postern.redact.scan.ScannedText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Names are decided sentence by sentence, so a sentence is held until it ends, or until it is [#LONGEST] long. Offsets
/// count from the beginning of the undecided text. One thread.
final class PendingNames {
    private static final int LONGEST = 512;

    private final NameDetector names;
    private final Predicate<Entity> wanted;
    private final List<Span> found = new ArrayList<>();
    private String key;
    /// The beginning of the sentence that has not ended.
    private int sentence;

    /// @param wanted of what the detector finds
    /// @param key that the first sentence stands under, as words
    PendingNames(NameDetector names, Predicate<Entity> wanted, String key) {
        this.names = names;
        this.wanted = wanted;
        this.key = key;
    }

    void look(String text, int from, Look look, boolean ended) {
        int at = from + sentence;
        for (int end = sentenceEnd(text, at, ended); end > at; end = sentenceEnd(text, at, ended)) {
            List<Span> inSentence = new ArrayList<>();
            names.detect(ScannedText.continuing("", text.substring(at, end), key), inSentence);
            for (Span span : inSentence) {
                if (wanted.test(span.entity())) {
                    found.add(moved(span, at - from));
                }
            }
            key = "";
            at = end;
        }
        sentence = at - from;
        found.forEach(span -> look.add(moved(span, from)));
        if (!ended) {
            look.hold(at);
        }
    }

    /// -1 when the sentence that begins here has not ended.
    private int sentenceEnd(String text, int from, boolean ended) {
        int limit = from + LONGEST;
        int end = names.sentenceEnd(text, from, Math.min(limit, text.length()));
        if (end > from) {
            return end;
        }
        if (text.length() > limit) {
            int blank = text.lastIndexOf(' ', limit - 1);
            return blank > from ? blank + 1 : limit;
        }
        return ended ? text.length() : -1;
    }

    /// The text before is decided.
    void forget(int decided) {
        List<Span> kept = found.stream()
                .filter(span -> span.start() >= decided)
                .map(span -> moved(span, -decided))
                .toList();
        found.clear();
        found.addAll(kept);
        sentence -= Math.min(sentence, decided);
    }

    /// What follows stands for itself.
    void restart() {
        found.clear();
        sentence = 0;
    }

    private static Span moved(Span span, int by) {
        return new Span(span.start() + by, span.end() + by, span.entity(), span.score());
    }
}
