package dev.postern.policy;

import dev.postern.policy.Facts.Client;
import java.time.Instant;
import java.util.List;

/// Policies and facts for tests.
final class Policies {

    /// A Wednesday, 18:54:25 UTC.
    static final Instant NOW = Instant.parse("2026-11-25T18:54:25Z");

    /// One compiler for all tests: it is what a policy takes long to make.
    static final Conditions CONDITIONS = new Conditions();

    private Policies() {}

    static CompiledPolicy of(String json) {
        try {
            return CompiledPolicy.compile(PolicySet.parse(json), CONDITIONS);
        } catch (PolicyRejected e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    /// A policy of these rules, in the form `id effect condition`, and nothing else.
    static CompiledPolicy rules(String... rules) {
        return of("{\"rules\":["
                + String.join(",", List.of(rules).stream().map(Policies::rule).toList()) + "]}");
    }

    private static String rule(String rule) {
        String[] parts = rule.split(" ", 3);
        return JsonCursor.JSON
                .createObjectNode()
                .put("id", parts[0])
                .put("effect", parts[1])
                .put("when", parts[2])
                .toString();
    }

    static Facts facts() {
        return Facts.at(NOW)
                .with(new Client("reports", "demo", List.of(), Sensitivity.CONFIDENTIAL))
                .with(new Facts.Token(
                        30, "inference", List.of("llm:invoke"), true, "reports", List.of("gateway-service")))
                .with(new Facts.Request(
                        "simulator-small",
                        "chat.completions",
                        "",
                        LatencyClass.INTERACTIVE,
                        Sensitivity.INTERNAL,
                        "10.1.2.3",
                        "eu",
                        true));
    }
}
