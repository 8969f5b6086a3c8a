package dev.postern.redacting.answer;

import dev.postern.redact.matching.LiteralTrie;
import dev.postern.redacting.pseudonym.Original;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import org.jspecify.annotations.Nullable;

/// Restores one text that arrives in fragments of any size.
///
/// Guarantee: what is emitted, joined, equals what restoring the whole text at once gives; no part of a live pseudonym
/// is emitted before it is clear that it is none. Held back is only a suffix that is a proper prefix of a live
/// pseudonym: in prose nothing. One thread.
final class RestoringText implements AnswerText {
    private final LivePseudonyms live;
    private final Embedding embedding;
    private final Unresolved unresolved;
    private final StringBuilder held = new StringBuilder();

    RestoringText(LivePseudonyms live, Embedding embedding, PseudonymPattern pattern) {
        this.live = live;
        this.embedding = embedding;
        this.unresolved = new Unresolved(pattern);
    }

    @Override
    public String accept(String fragment) {
        StringBuilder out = new StringBuilder(held.length() + fragment.length());
        held.append(fragment);
        int plain = 0;
        int at = 0;
        while (at < held.length()) {
            int end = at;
            LiteralTrie.@Nullable Node<Original> node = live.root();
            while (node != null && node.value() == null && end < held.length()) {
                node = node.next(LivePseudonyms.folded(held.charAt(end++)));
            }
            if (node == null) {
                at++;
            } else {
                Original original = node.value();
                emit(out, plain, at);
                plain = at;
                if (original == null) {
                    break;
                }
                out.append(embedding.write(original.value()));
                unresolved.interrupted();
                at = end;
                plain = end;
            }
        }
        if (at == held.length()) {
            emit(out, plain, at);
        }
        held.delete(0, at);
        return out.toString();
    }

    @Override
    public String finish() {
        String rest = held.toString();
        unresolved.emitted(held, 0, held.length());
        unresolved.finish();
        held.setLength(0);
        return rest;
    }

    boolean holds() {
        return !held.isEmpty();
    }

    @Override
    public AnswerRestorer.Restored restored() {
        return new AnswerRestorer.Restored(unresolved.unknown(), unresolved.mangled());
    }

    private void emit(StringBuilder out, int from, int to) {
        out.append(held, from, to);
        unresolved.emitted(held, from, to);
    }
}
