package dev.postern.redact.onnx;

import dev.postern.redact.name.NameTier;
import dev.postern.redact.name.Sentences;
import dev.postern.redact.scan.ScannedText;
import java.util.ArrayList;
import java.util.List;

/// Names as a model tells them, sentence by sentence; a JSON key is put before the first, as if it stood there. Safe
/// for any number of threads. Memory does not grow with the text.
///
/// Failure direction: closed. A model that throws, or answers in another shape or with scores that are no numbers,
/// throws out of [#find]: nothing is given out of a text whose names are not known.
final class OnnxNameTier implements NameTier {
    /// Characters of a piece; longer sentences are cut.
    private static final int LONGEST = 4_096;
    private static final int MOST_PIECES = 64;
    private static final String TRIAL = "My name is Anna Schmidt.";

    private final ModelDirectory directory;
    private final Tokenizer tokenizer;
    private final TokenModel model;
    private final Sentences sentences;

    OnnxNameTier(ModelDirectory directory, Sentences sentences) {
        this.directory = directory;
        this.tokenizer = Tokenizer.read(directory.tokenizer());
        this.model = TokenModel.read(directory.model(), directory.labels().size());
        this.sentences = sentences;
    }

    /// Runs the model once, so that a wrong one is known at the start.
    void tryOut() {
        find(ScannedText.of(TRIAL, "", ""), (_, _, _, _) -> {});
    }

    @Override
    public void find(ScannedText text, Names names) {
        Reading reading = new Reading(text, names);
        sentences.of(text, reading);
        reading.flush();
    }

    /// One text.
    private final class Reading implements Sentences.Part {
        private final String text;
        private final Names names;
        private final Batch batch = new Batch(model, directory, tokenizer);
        private final List<Piece> pieces = new ArrayList<>();
        /// The key and what sets it apart: short, since of a key only [dev.postern.redact.scan.KeyWords] are kept.
        private String lead;

        Reading(ScannedText text, Names names) {
            this.text = text.text();
            this.names = names;
            this.lead = text.key().isEmpty() ? "" : text.key() + ": ";
        }

        @Override
        public void sentence(int start, int end) {
            int from = start;
            while (from < end) {
                int to = end - from <= LONGEST ? end : cut(from);
                String read = lead + text.substring(from, to);
                Piece piece = new Piece(read, from, lead.length(), tokenizer.of(read));
                lead = "";
                pieces.add(piece);
                batch.add(piece);
                if (pieces.size() == MOST_PIECES) {
                    flush();
                }
                from = to;
            }
        }

        private int cut(int from) {
            int blank = text.lastIndexOf(' ', from + LONGEST - 1);
            int end = blank > from ? blank : from + LONGEST;
            return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        }

        void flush() {
            batch.run();
            pieces.forEach(piece -> piece.give(names));
            pieces.clear();
        }
    }
}
