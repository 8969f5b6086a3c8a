package dev.postern.redacting.engine;

import dev.postern.redact.scan.TooCostly;
import dev.postern.redacting.answer.AnswerRefused;
import dev.postern.redacting.answer.AnswerRestorer;
import dev.postern.redacting.answer.AnswerSettings;
import dev.postern.redacting.answer.StreamedAnswer;
import dev.postern.redacting.answer.WholeAnswer;
import dev.postern.redacting.prompt.RedactedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One exchange between its prompt and the end of its answer. It holds the raw values that its answer may need: drop it
/// when the exchange ends. One thread.
public final class OpenExchange {
    private final RedactedPrompt prompt;
    private final AnswerSettings settings;
    private @Nullable AnswerRestorer restorer;

    OpenExchange(RedactedPrompt prompt, AnswerSettings settings) {
        this.prompt = prompt;
        this.settings = settings;
    }

    /// What may go to the model.
    public RedactedPrompt prompt() {
        return prompt;
    }

    /// What may go to the caller after this piece of the answer.
    ///
    /// @param streamed whether the data is one event of a stream, or bytes of one document
    public List<byte[]> answer(byte[] data, boolean last, boolean streamed) throws ExchangeRefused {
        AnswerRestorer current = restorer;
        if (current == null) {
            current = streamed ? new StreamedAnswer(settings) : new WholeAnswer(settings);
            restorer = current;
        }
        try {
            List<byte[]> out = new ArrayList<>(current.accept(data));
            if (last) {
                out.addAll(current.finish());
            }
            return out;
        } catch (TooCostly _) {
            throw new ExchangeRefused(ExchangeRefused.Reason.PACK_TOO_COSTLY);
        } catch (AnswerRefused _) {
            throw new ExchangeRefused(ExchangeRefused.Reason.MALFORMED);
        }
    }

    public AnswerRestorer.Restored restored() {
        AnswerRestorer current = restorer;
        return current == null ? AnswerRestorer.Restored.NOTHING : current.restored();
    }

    /// Entity name to number of values of the model's own that were left out of the answer so far.
    public Map<String, Integer> removed() {
        AnswerRestorer current = restorer;
        return current == null ? Map.of() : current.removed();
    }
}
