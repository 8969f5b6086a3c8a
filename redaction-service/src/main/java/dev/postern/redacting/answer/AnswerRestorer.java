package dev.postern.redacting.answer;

import java.util.List;
import java.util.Map;

/// Turns the answer of one exchange, piece by piece, into what the caller gets: values that the model wrote itself are
/// left out as the policy says, pseudonyms are restored. One thread.
public sealed interface AnswerRestorer permits StreamedAnswer, WholeAnswer {
    /// What may go to the caller after this piece, in order. An empty piece is allowed.
    List<byte[]> accept(byte[] data) throws AnswerRefused;

    /// What may go to the caller now that the answer has ended.
    List<byte[]> finish() throws AnswerRefused;

    Restored restored();

    /// Entity name to number of values that were left out of the answer so far.
    Map<String, Integer> removed();

    /// What remained in the answer so far.
    ///
    /// @param unknown well-formed pseudonyms that stand for nothing in this exchange
    /// @param mangled pseudonyms whose check character does not fit
    record Restored(int unknown, int mangled) {
        public static final Restored NOTHING = new Restored(0, 0);

        Restored plus(Restored more) {
            return new Restored(unknown + more.unknown, mangled + more.mangled);
        }
    }
}
