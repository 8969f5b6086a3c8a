package dev.postern.redacting.prompt;

import dev.postern.redacting.pseudonym.Original;
import java.util.Map;

/// What may go to the model, and what restoring its answer needs.
///
/// @param found entity name to number of replaced values
/// @param live the pseudonyms that stand in the body
/// @param jsonAnswer whether the caller asked for an answer that is itself JSON text
@SuppressWarnings("ArrayRecordComponent") // bytes handed over once, never compared
public record RedactedPrompt(byte[] body, Map<String, Integer> found, Map<String, Original> live, boolean jsonAnswer) {
    @Override
    public String toString() {
        return "RedactedPrompt[" + body.length + " bytes, " + found + "]";
    }
}
