package dev.postern.redacting.engine;

import dev.postern.redacting.answer.AnswerSettings;
import dev.postern.redacting.answer.LivePseudonyms;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.prompt.PromptRedactor;
import dev.postern.redacting.prompt.RedactedPrompt;
import dev.postern.redacting.pseudonym.PseudonymVault;

/// Opens exchanges. Safe for use by many threads; each [OpenExchange] belongs to one.
public final class RedactionEngine {
    private final PromptRedactor redactor;
    private final PolicySource policies;
    private final EngineSettings settings;

    public RedactionEngine(PseudonymVault vault, PolicySource policies, EngineSettings settings) {
        this.redactor = new PromptRedactor(vault);
        this.policies = policies;
        this.settings = settings;
    }

    /// Redacts a prompt by the policy that is in force now, and its answer too: whatever comes later does not change
    /// this exchange.
    ///
    /// @throws ExchangeRefused when it cannot be: then nothing of it may go anywhere
    public OpenExchange open(Prompt prompt) throws ExchangeRefused {
        if (prompt.body().length > settings.largestPrompt()) {
            throw new ExchangeRefused(ExchangeRefused.Reason.TOO_LARGE);
        }
        return ExchangeRefused.orRefuse(() -> {
            Terms terms = policies.terms(prompt.tenant(), prompt.label());
            RedactedPrompt redacted = redactor.redact(prompt, terms.prompts());
            LivePseudonyms live = LivePseudonyms.of(redacted.live());
            AnswerSettings answer = new AnswerSettings(
                    live,
                    redacted.jsonAnswer(),
                    terms.prompts().pseudonyms(),
                    settings.largestAnswer(),
                    terms.answers().open(live));
            return new OpenExchange(redacted, answer);
        });
    }
}
