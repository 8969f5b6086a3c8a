package dev.postern.redacting.prompt;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import dev.postern.redacting.json.MalformedJson;
import dev.postern.redacting.pseudonym.Conversation;
import dev.postern.redacting.pseudonym.ConversationName;
import dev.postern.redacting.pseudonym.PseudonymVault;

/// Does to the personal data and secrets of a request body what a policy says: pseudonyms and removal for most.
///
/// Guarantee: every string and number of the body that is not grammar of the API has passed the detectors, in decoded
/// form, as have those of JSON inside strings; a value found anywhere is replaced everywhere in the body. What is not
/// replaced is kept byte for byte. Not guaranteed: that the detectors find everything; images and audio are not read.
public final class PromptRedactor {
    private final PseudonymVault vault;

    public PromptRedactor(PseudonymVault vault) {
        this.vault = vault;
    }

    /// Scans first, opens the conversation, then replaces.
    ///
    /// @throws PromptRefused when the body cannot be read, or its policy blocks it; nothing of it may be sent on
    public RedactedPrompt redact(Prompt prompt, PromptTerms terms) throws PromptRefused {
        JsonText body = parse(prompt.body());
        ScannedDocument scanned = DocumentScanner.scan(body, terms);
        PromptRefused.whenBlocked(scanned.entities(), terms.plan());
        boolean asksForJson = asksForJson(body);
        PseudonymVault.Work<RedactedPrompt, PromptRefused> work =
                conversation -> replace(prompt, terms, scanned, conversation, asksForJson);
        return prompt.conversation().isEmpty()
                ? vault.inOpenedBy(prompt.tenant(), prompt.clientId(), OpeningTexts.of(body), work)
                : vault.in(
                        new ConversationName(
                                prompt.tenant(), prompt.clientId(), ConversationName.NAMED + prompt.conversation()),
                        work);
    }

    private RedactedPrompt replace(
            Prompt prompt, PromptTerms terms, ScannedDocument scanned, Conversation conversation, boolean asksForJson)
            throws PromptRefused {
        Replacement replacement = new Replacement(
                terms,
                conversation,
                identifier -> vault.keyedName(prompt.tenant(), prompt.clientId(), identifier),
                (entity, value) -> vault.keyedHash(prompt.tenant(), entity, value));
        byte[] redacted = replacement.apply(scanned);
        return new RedactedPrompt(redacted, replacement.found(), replacement.live(), asksForJson);
    }

    private static JsonText parse(byte[] bytes) throws PromptRefused {
        try {
            JsonText body = JsonText.parse(bytes);
            if (!body.isObject()) {
                throw new PromptRefused();
            }
            return body;
        } catch (MalformedJson e) {
            throw e.tooLarge() ? PromptRefused.tooMuch() : new PromptRefused();
        }
    }

    private static boolean asksForJson(JsonText body) {
        return body.find(JsonLeaf.Kind.STRING, "response_format.type")
                .or(() -> body.find(JsonLeaf.Kind.STRING, "text.format.type"))
                .filter(type -> type.text().startsWith("json"))
                .isPresent();
    }
}
