package dev.postern.redact.onnx;

import ai.djl.huggingface.tokenizers.jni.CharSpan;

/// The tokens of a piece of text, without the special ones around them. Immutable.
final class Tokens {
    private final long[] ids;
    private final long[] words;
    private final int[] starts;
    private final int[] ends;

    /// @param words by token, the number of the word it is a part of, or -1
    /// @param spans by token, in code points; null where it stands for nothing in the text
    /// @param units the UTF-16 offset of each code point, and of the end
    Tokens(long[] ids, long[] words, CharSpan[] spans, int[] units) {
        this.ids = ids.clone();
        this.words = words.clone();
        this.starts = new int[ids.length];
        this.ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (spans[i] != null) {
                starts[i] = units[spans[i].getStart()];
                ends[i] = units[spans[i].getEnd()];
            }
        }
    }

    int size() {
        return ids.length;
    }

    /// Copies the ids of tokens `[from, to)`.
    void ids(int from, int to, long[] target, int at) {
        System.arraycopy(ids, from, target, at, to - from);
    }

    /// The UTF-16 offset in the piece.
    int start(int i) {
        return starts[i];
    }

    int end(int i) {
        return ends[i];
    }

    /// After the last token of the word that token `i` is a part of.
    int wordEnd(int i) {
        int end = i + 1;
        while (end < words.length && words[end] == words[i] && words[i] >= 0) {
            end++;
        }
        return end;
    }
}
