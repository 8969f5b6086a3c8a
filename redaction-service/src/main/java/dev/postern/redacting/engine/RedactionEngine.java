package dev.postern.redacting.engine;

import dev.postern.redact.detection.Detection;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.answer.AnswerRedaction;
import dev.postern.redacting.answer.AnswerSettings;
import dev.postern.redacting.answer.LivePseudonyms;
import dev.postern.redacting.prompt.Prompt;
import dev.postern.redacting.prompt.PromptRedactor;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.redacting.prompt.RedactedPrompt;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.PseudonymPattern;

/// Opens exchanges. Safe for use by many threads; each [OpenExchange] belongs to one.
public final class RedactionEngine {
    private final PromptRedactor redactor;
    private final PolicySource policies;
    private final PseudonymPattern pattern;
    private final EngineSettings settings;
    private final AnswerRedaction.Opener answers;

    public RedactionEngine(
            Detection detection,
            ConversationVault vault,
            PolicySource policies,
            EngineSettings settings,
            AnswerPolicy answers) {
        this.answers = new AnswerRedaction.Opener(detection, answers);
        this.redactor = new PromptRedactor(detection, vault);
        this.policies = policies;
        this.pattern = PseudonymPattern.ofAny(detection.entities());
        this.settings = settings;
    }

    /// Redacts a prompt by the policy that is in force now: whatever comes later does not change this exchange.
    ///
    /// @throws ExchangeRefused when it cannot be: then nothing of it may go anywhere
    public OpenExchange open(Prompt prompt) throws ExchangeRefused {
        if (prompt.body().length > settings.largestPrompt()) {
            throw new ExchangeRefused(ExchangeRefused.Reason.TOO_LARGE);
        }
        try {
            RedactedPrompt redacted = redactor.redact(prompt, policies.plan(prompt.tenant(), prompt.label()));
            LivePseudonyms live = LivePseudonyms.of(redacted.live());
            AnswerSettings answer = new AnswerSettings(
                    live, redacted.jsonAnswer(), pattern, settings.largestAnswer(), answers.open(live));
            return new OpenExchange(redacted, answer);
        } catch (PromptRefused e) {
            throw ExchangeRefused.of(e);
        }
    }
}
