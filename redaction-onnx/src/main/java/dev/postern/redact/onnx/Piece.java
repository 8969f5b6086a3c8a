package dev.postern.redact.onnx;

import dev.postern.redact.name.NameKind;
import dev.postern.redact.name.NameTier;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sentence, or a part of a long one, and what the model says of its tokens. One thread.
final class Piece {
    private final CharSequence text;
    private final int offset;
    private final int lead;
    private final Tokens tokens;
    private final TagLabel[] label;
    /// By kind and token, how likely.
    private final Map<NameKind, double[]> likely = new EnumMap<>(NameKind.class);

    /// @param text the tokens' text
    /// @param offset of its first character after the lead, in the whole text
    /// @param lead how many characters before that are only there to be read
    Piece(CharSequence text, int offset, int lead, Tokens tokens) {
        this.text = text;
        this.offset = offset;
        this.lead = lead;
        this.tokens = tokens;
        this.label = new TagLabel[tokens.size()];
    }

    Tokens tokens() {
        return tokens;
    }

    /// Sets what the model says of token `i`.
    ///
    /// @param scores of all labels, from `from` on
    void decide(int i, float[] scores, int from, List<TagLabel> labels) {
        int best = 0;
        for (int k = 1; k < labels.size(); k++) {
            best = scores[from + k] > scores[from + best] ? k : best;
        }
        label[i] = labels.get(best);
        double sum = 0;
        for (int k = 0; k < labels.size(); k++) {
            double grown = Math.exp(scores[from + k] - scores[from + best]);
            sum += grown;
            labels.get(k).kind().ifPresent(kind -> of(kind)[i] += grown);
        }
        for (double[] ofKind : likely.values()) {
            ofKind[i] /= sum;
        }
    }

    private double[] of(NameKind kind) {
        return likely.computeIfAbsent(kind, _ -> new double[tokens.size()]);
    }

    /// Gives the names, by the first token of each word that is one: models are trained on words' first tokens, and
    /// those that were trained on all of them may name a later one alone.
    void give(NameTier.Names names) {
        @Nullable NameKind open = null;
        int start = 0;
        int end = 0;
        double least = 1;
        int after;
        for (int word = 0; word < tokens.size(); word = after) {
            after = tokens.wordEnd(word);
            int i = named(word, after);
            NameKind kind = label[i].kind().orElse(null);
            if (open != null && (kind != open || label[i].begins())) {
                give(start, end, open, least, names);
                open = null;
            }
            if (kind != null) {
                double sure = of(kind)[i];
                start = open == null ? tokens.start(word) : start;
                least = open == null ? sure : Math.min(least, sure);
                end = tokens.end(after - 1);
                open = kind;
            }
        }
        if (open != null) {
            give(start, end, open, least, names);
        }
    }

    /// The first token of a word that has a kind, or else its first.
    private int named(int word, int after) {
        for (int i = word; i < after; i++) {
            if (label[i].kind().isPresent()) {
                return i;
            }
        }
        return word;
    }

    private void give(int start, int end, NameKind kind, double sure, NameTier.Names names) {
        int from = Math.max(start, lead);
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from < to && kind != NameKind.OTHER) {
            names.name(from - lead + offset, to - lead + offset, kind, sure);
        }
    }
}
