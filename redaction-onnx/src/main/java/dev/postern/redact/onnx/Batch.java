package dev.postern.redact.onnx;

import java.util.ArrayList;
import java.util.List;

/// Windows over the tokens of pieces, on their way to the model together. Bounded: at most [#MOST] windows. One thread.
///
/// What is longer than a window is read in several that overlap, and each token by the one in whose middle it stands.
final class Batch {
    private static final int MOST = 16;
    private static final int MOST_OVERLAP = 64;

    private final TokenModel model;
    private final List<TagLabel> labels;
    private final long[] opening;
    private final long[] closing;
    /// Tokens of a window without the special ones.
    private final int room;
    private final int overlap;
    private final List<Window> windows = new ArrayList<>();

    Batch(TokenModel model, ModelDirectory directory, Tokenizer tokenizer) {
        this.model = model;
        this.labels = directory.labels();
        this.opening = tokenizer.opening();
        this.closing = tokenizer.closing();
        this.room = directory.mostTokens() - opening.length - closing.length;
        this.overlap = Math.min(MOST_OVERLAP, room / 4) & ~1;
    }

    /// Tokens `[from, to)` of a piece, of which those from `first` to `last` are decided here.
    private record Window(Piece piece, int from, int to, int first, int last) {}

    /// All of a piece is decided after the next [#run()].
    void add(Piece piece) {
        int size = piece.tokens().size();
        int from = 0;
        while (from < size) {
            int to = Math.min(size, from + room);
            int first = from == 0 ? 0 : from + overlap / 2;
            int last = to == size ? size : to - overlap / 2;
            windows.add(new Window(piece, from, to, first, last));
            if (windows.size() == MOST) {
                run();
            }
            from = to == size ? size : to - overlap;
        }
    }

    /// Asks the model for what was added.
    void run() {
        if (windows.isEmpty()) {
            return;
        }
        List<long[]> ids = windows.stream().map(this::ids).toList();
        int longest = ids.stream().mapToInt(window -> window.length).max().orElse(0);
        float[] scores = model.scores(ids, longest);
        for (int w = 0; w < windows.size(); w++) {
            Window window = windows.get(w);
            for (int i = window.first(); i < window.last(); i++) {
                int token = w * longest + opening.length + i - window.from();
                window.piece().decide(i, scores, token * labels.size(), labels);
            }
        }
        windows.clear();
    }

    private long[] ids(Window window) {
        int length = window.to() - window.from();
        long[] ids = new long[opening.length + length + closing.length];
        System.arraycopy(opening, 0, ids, 0, opening.length);
        window.piece().tokens().ids(window.from(), window.to(), ids, opening.length);
        System.arraycopy(closing, 0, ids, opening.length + length, closing.length);
        return ids;
    }
}
