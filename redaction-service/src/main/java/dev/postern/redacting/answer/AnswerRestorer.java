package dev.postern.redacting.answer;

import java.util.List;

/// Restores the answer of one exchange, piece by piece. One thread.
public sealed interface AnswerRestorer permits StreamedAnswer, WholeAnswer {
    /// What may go to the caller after this piece, in order. An empty piece is allowed.
    List<byte[]> accept(byte[] data) throws AnswerRefused;

    /// What may go to the caller now that the answer has ended.
    List<byte[]> finish() throws AnswerRefused;

    Restored restored();

    /// What remained in the answer so far.
    ///
    /// @param unknown well-formed pseudonyms that stand for nothing in this exchange
    /// @param mangled pseudonyms whose check character does not fit
    record Restored(int unknown, int mangled) {
        Restored plus(Unresolved unresolved) {
            return new Restored(unknown + unresolved.unknown(), mangled + unresolved.mangled());
        }
    }
}
