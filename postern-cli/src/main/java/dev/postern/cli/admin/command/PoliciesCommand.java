package dev.postern.cli.admin.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern admin policies`
@Command(
        name = "policies",
        description = "Versions of the policy set: roles, rules, limits, prices, containment.",
        mixinStandardHelpOptions = true)
final class PoliciesCommand extends Noun {
    PoliciesCommand() {
        super("/policies", Column.of("version", "published_at", "author", "minimum_epoch", "description"));
    }

    @Command(name = "show", description = "Shows one version.", mixinStandardHelpOptions = true)
    int show(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "VERSION",
                            defaultValue = "current",
                            description = "Default: current.")
                    String version)
            throws InterruptedException {
        return admin().show(api -> {
            var body = api.get(path(version)).body();
            return Shown.of(body, body.toPrettyString());
        });
    }

    @Command(
            name = "publish",
            description = {
                "Puts a policy set into force everywhere, within a second.",
                "What show prints can be edited and published: it replaces the version that was shown, or nothing."
            },
            mixinStandardHelpOptions = true)
    int publish(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--outdate-tokens",
                            description = "Tokens issued under earlier versions are not accepted any more.")
                    boolean outdate,
            @Option(
                            names = "--if-match",
                            paramLabel = "VERSION",
                            defaultValue = "",
                            description = "Only in place of this version (default: the one the file says).")
                    String version)
            throws InterruptedException {
        PolicyFile policy = PolicyFile.read(file);
        if (outdate) {
            policy.set().put("minimum_epoch", "this");
        }
        String replaced = version.isEmpty() ? policy.version() : version;
        return admin().change(
                        "The policy is published.",
                        api -> api.post(
                                "/policies",
                                policy.set(),
                                replaced.isEmpty() ? api.get(path("current")).etag() : Versions.etag(replaced)));
    }

    @Command(
            name = "dry-run",
            description = "Says what a policy would decide, rule by rule; nothing changes.",
            mixinStandardHelpOptions = true)
    int dryRun(
            @Option(names = "--phase", required = true, description = "issue or session") String phase,
            @Option(names = "--facts", required = true, paramLabel = "FILE", description = "Facts as JSON.") Path facts,
            @Option(
                            names = "--policy",
                            paramLabel = "FILE",
                            description = "The policy set to try (default: the one in force).")
                    @Nullable
                    Path policy)
            throws InterruptedException {
        ObjectNode question = new JsonMapper().createObjectNode().put("phase", phase);
        question.set("facts", Documents.object(facts));
        if (policy != null) {
            question.set("policy", PolicyFile.read(policy).set());
        }
        return admin().show(api ->
                Explanations.shown(api.post("/policies/dry-run", question).body()));
    }
}
