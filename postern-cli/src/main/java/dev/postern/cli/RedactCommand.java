package dev.postern.cli;

import dev.postern.cli.terminal.Failure;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.entity.Taxonomy;
import dev.postern.redact.policy.Generalisation;
import dev.postern.redact.policy.Mask;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redact.policy.Treatment;
import dev.postern.redact.scan.TooCostly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern redact`: JSON lines in, JSON lines without the values out, the engine in this process.
@Command(
        name = "redact",
        description =
                "Replaces personal data and secrets in JSON lines {id, text, lang?} by what they are; needs no platform.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Answers {id, text} line by line, with [EMAIL] for an address; nothing can be restored.",
            "What stays in prompts unless a policy says otherwise (web addresses, dates) stays here.",
            "With a policy, what it says is done, as in a dry run: [EMAIL #] stands for a keyed hash,",
            "and {id, blocked: [kinds]} answers a text that it would not let pass.",
            "Ends 0, or 1 when a line was no such object: that line is answered {id, error}."
        })
final class RedactCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard input.")
    private @Nullable Path file;

    @Option(
            names = "--taxonomy",
            defaultValue = "postern",
            description = "Whose names entities get: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Taxonomy taxonomy = Taxonomy.POSTERN;

    @Option(names = "--policy", paramLabel = "FILE", description = "A tenant's policy, as PUT /v1/policies takes it.")
    private @Nullable Path policy;

    @Option(
            names = "--label",
            defaultValue = "",
            description = "How sensitive the texts are, as the policy's labels say. Default: the policy's default.")
    private String label = "";

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RedactionPolicy chosen = policy(engine.detection());
        Detection detection = chosen.detection();
        Plan plan = chosen.plan(label);
        return new TextLines(spec.commandLine().getOut()).answer(file, (text, language, into) -> {
            try {
                redact(text, detection.detect(text, "", plan.in(language)), plan, into);
            } catch (TooCostly _) {
                into.put("error", "the rules of the policy's own pack take too long on this text");
            }
        });
    }

    private RedactionPolicy policy(Detection detection) {
        if (policy == null) {
            return RedactionPolicy.standard(detection);
        }
        try {
            return RedactionPolicy.parse(Files.readString(policy), detection);
        } catch (IOException _) {
            throw new Failure(policy + " cannot be read: name a file in UTF-8 that you may read.");
        } catch (PolicyRejected rejected) {
            throw new Failure("The policy is not in order. "
                    + rejected.problems().stream()
                            .map(problem ->
                                    (problem.pointer().isEmpty() ? "" : problem.pointer() + ": ") + problem.sentence())
                            .collect(Collectors.joining(" ")));
        }
    }

    private void redact(String text, List<Span> spans, Plan plan, ObjectNode into) {
        SortedSet<String> blocked = new TreeSet<>();
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (Span span : spans) {
            Entity entity = span.entity();
            String value = text.substring(span.start(), span.end());
            String name = "[" + entity.name(taxonomy) + "]";
            out.append(text, copied, span.start())
                    .append(
                            switch (plan.treatment(entity)) {
                                case KEEP -> value;
                                case MASK -> Mask.of(value);
                                case GENERALISE ->
                                    Generalisation.of(entity, value).orElse(name);
                                case HASH -> "[" + entity.name(taxonomy) + " #]";
                                case PSEUDONYMISE, REMOVE, BLOCK -> name;
                            });
            if (plan.treatment(entity) == Treatment.BLOCK) {
                blocked.add(entity.kind());
            }
            copied = span.end();
        }
        if (blocked.isEmpty()) {
            into.put("text", out.append(text, copied, text.length()).toString());
        } else {
            ArrayNode kinds = into.putArray("blocked");
            for (String kind : blocked) {
                kinds.add(kind);
            }
        }
    }
}
