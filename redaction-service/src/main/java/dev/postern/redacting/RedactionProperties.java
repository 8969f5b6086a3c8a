package dev.postern.redacting;

import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.scan.ScannerChoice;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.EngineSettings;
import dev.postern.redacting.pseudonym.VaultSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of the engine.
///
/// @param largestPrompt of one request body; beyond it the exchange is refused as `too-large`
/// @param largestAnswer of one answer that is not streamed
/// @param vault where it is remembered what pseudonyms stand for: in this process, or in Redis for all replicas
/// @param conversationIdle after which the pseudonyms of an unused conversation are forgotten
/// @param conversationLifetime after which those of any are
/// @param values remembered in all conversations together (of each tenant where they are in Redis); beyond it the
///     longest unused conversations are forgotten
/// @param scanner `auto`, `native` or `portable`; `native` refuses to start where Vectorscan cannot be used
/// @param packs files of rule packs of the operator's own, for all tenants; the service does not start when one of them
///     cannot be used
/// @param names what finds the names of people and places
/// @param answers what becomes of values that the model wrote itself
@ConfigurationProperties("postern.redaction")
public record RedactionProperties(
        @DefaultValue("1MB") DataSize largestPrompt,
        @DefaultValue("8MB") DataSize largestAnswer,
        @DefaultValue("memory") VaultKind vault,
        @DefaultValue("1h") Duration conversationIdle,
        @DefaultValue("7d") Duration conversationLifetime,
        @DefaultValue("10000") int conversations,
        @DefaultValue("2000") int valuesPerConversation,
        @DefaultValue("60000") int values,
        @DefaultValue("auto") ScannerChoice scanner,
        @DefaultValue List<Path> packs,
        @DefaultValue Names names,
        @DefaultValue Answers answers) {

    /// Where conversations are.
    public enum VaultKind {
        /// Gone with the process, and known to no other.
        MEMORY,
        /// Sealed in Redis.
        REDIS
    }

    /// What finds names.
    public record Names(@DefaultValue Onnx onnx) {}

    /// A model of the operator's own, run by ONNX Runtime.
    ///
    /// @param model the directory of one that finds names in place of the built-in tier; none unless told
    public record Onnx(@Nullable Path model) {}

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

    DetectionSettings detection() {
        return DetectionSettings.STANDARD
                .withScanner(scanner)
                .withPacks(packs)
                .withNameModel(Optional.ofNullable(names.onnx().model()));
    }

    EngineSettings engine() {
        return new EngineSettings(Math.toIntExact(largestPrompt.toBytes()), Math.toIntExact(largestAnswer.toBytes()));
    }

    VaultSettings vaultSettings() {
        return new VaultSettings(conversationIdle, conversationLifetime, conversations, valuesPerConversation, values);
    }
}
