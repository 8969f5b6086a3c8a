package dev.postern.redacting;

import dev.postern.redact.scan.ScannerChoice;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.EngineSettings;
import dev.postern.redacting.pseudonym.VaultSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of the engine.
///
/// @param largestPrompt of one request body; beyond it the exchange is refused as `too-large`
/// @param largestAnswer of one answer that is not streamed
/// @param conversationIdle after which the pseudonyms of an unused conversation are forgotten
/// @param values remembered in all conversations together; beyond it the longest unused conversations are forgotten
/// @param scanner `auto`, `native` or `portable`; `native` refuses to start where Vectorscan cannot be used
/// @param answers what becomes of values that the model wrote itself
@ConfigurationProperties("postern.redaction")
public record RedactionProperties(
        @DefaultValue("1MB") DataSize largestPrompt,
        @DefaultValue("8MB") DataSize largestAnswer,
        @DefaultValue("1h") Duration conversationIdle,
        @DefaultValue("10000") int conversations,
        @DefaultValue("2000") int valuesPerConversation,
        @DefaultValue("60000") int values,
        @DefaultValue("auto") ScannerChoice scanner,
        @DefaultValue Answers answers) {

    /// What becomes of values that the model wrote itself. See [AnswerPolicy] and ADR 0022.
    public record Answers(
            @DefaultValue("redact") AnswerPolicy.Treatment secrets,
            @DefaultValue("keep") AnswerPolicy.Treatment personalData,
            @DefaultValue("keep") AnswerPolicy.Treatment names) {
        AnswerPolicy policy() {
            return new AnswerPolicy(secrets, personalData, names);
        }
    }

    public RedactionProperties {
        if (largestPrompt.compareTo(DataSize.ofMegabytes(8)) > 0) {
            throw new IllegalArgumentException("postern.redaction.largest-prompt must be at most 8MB");
        }
        if (largestAnswer.compareTo(DataSize.ofMegabytes(16)) > 0) {
            throw new IllegalArgumentException("postern.redaction.largest-answer must be at most 16MB");
        }
    }

    EngineSettings engine() {
        return new EngineSettings(Math.toIntExact(largestPrompt.toBytes()), Math.toIntExact(largestAnswer.toBytes()));
    }

    VaultSettings vault() {
        return new VaultSettings(conversationIdle, conversations, valuesPerConversation, values);
    }
}
