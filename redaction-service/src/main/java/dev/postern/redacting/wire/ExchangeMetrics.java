package dev.postern.redacting.wire;

import dev.postern.redact.entity.Entity;
import dev.postern.redacting.answer.AnswerRestorer;
import dev.postern.redacting.engine.ExchangeRefused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;

/// What the wire counts. Tags come from closed sets: steps, refusal codes and the entities
/// of the rule packs, those of tenants' own as one.
final class ExchangeMetrics {
    private final MeterRegistry registry;
    private final Timer prompts;
    private final Timer answers;

    ExchangeMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.prompts = timer("prompt");
        this.answers = timer("answer");
    }

    void watch(IntSupplier openExchanges) {
        Gauge.builder("postern.redaction.exchanges", openExchanges, IntSupplier::getAsInt)
                .description("Exchanges between prompt and end of answer")
                .register(registry);
    }

    void redacted(long nanos, Map<String, Integer> found) {
        prompts.record(Duration.ofNanos(nanos));
        found.forEach((entity, count) -> Counter.builder("postern.redaction.entities")
                .description("Values replaced in prompts")
                .tag("entity", Entity.tag(entity))
                .register(registry)
                .increment(count));
    }

    void restored(long nanos) {
        answers.record(Duration.ofNanos(nanos));
    }

    void ended(AnswerRestorer.Restored restored, Map<String, Integer> removed) {
        removed.forEach((entity, count) -> Counter.builder("postern.redaction.removed")
                .description("Values of the model's own that were left out of answers")
                .tag("entity", Entity.tag(entity))
                .register(registry)
                .increment(count));
        unresolved("unknown", restored.unknown());
        unresolved("mangled", restored.mangled());
    }

    void refused(ExchangeRefused.Reason reason) {
        Counter.builder("postern.redaction.refused")
                .description("Exchanges that were refused")
                .tag("reason", reason.code())
                .register(registry)
                .increment();
    }

    private void unresolved(String kind, int count) {
        if (count > 0) {
            Counter.builder("postern.redaction.unresolved")
                    .description("Pseudonyms in answers that stand for nothing, or are misspelt")
                    .tag("kind", kind)
                    .register(registry)
                    .increment(count);
        }
    }

    private Timer timer(String step) {
        return Timer.builder("postern.redaction")
                .description("Redacting a prompt, restoring a piece of an answer")
                .tag("step", step)
                .publishPercentileHistogram()
                .register(registry);
    }
}
