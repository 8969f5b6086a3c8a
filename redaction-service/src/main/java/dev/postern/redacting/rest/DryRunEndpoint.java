package dev.postern.redacting.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.TextEngine;
import dev.postern.redacting.engine.TextEngine.Change;
import dev.postern.redacting.policy.PoliciesInForce;
import dev.postern.redacting.prompt.PromptTerms;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// `POST /v1/policies/dry-run`: what a policy would do to a text. Nothing is kept, no prompt is touched.
@RestController
final class DryRunEndpoint {
    private static final Set<String> MEMBERS = Set.of("text", "label", "policy", "offsets");

    private final PoliciesInForce policies;
    private final TextEngine engine;
    private final CallerGate gate;
    private final RestProperties limits;

    DryRunEndpoint(PoliciesInForce policies, TextEngine engine, CallerGate gate, RestProperties limits) {
        this.policies = policies;
        this.engine = engine;
        this.gate = gate;
        this.limits = limits;
    }

    /// @param text as it would go out; none when it would be blocked
    /// @param blocked the kinds that block it
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record DryRun(Optional<String> text, List<String> blocked, List<ChangeView> changes, String unit) {
        @Override
        public String toString() {
            return "DryRun[" + changes.size() + " changes]";
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ChangeView(int start, int end, String entity, double score, String action, Optional<String> replacement) {
        @Override
        public String toString() {
            return "ChangeView[" + entity + ", " + action + "]";
        }
    }

    @PostMapping("/v1/policies/dry-run")
    DryRun dryRun(HttpServletRequest request) {
        return gate.serve(request, PolicyEndpoints.SCOPE, token -> {
            JsonNode body = Bodies.object(request, limits.largestBody().toBytes());
            Bodies.only(body, MEMBERS);
            if (!body.path("text").isString()) {
                throw Bodies.malformed("/text", "Send a text.");
            }
            Offsets offsets = Offsets.of(TextRequest.name(body, "offsets"))
                    .orElseThrow(() -> Bodies.malformed("/offsets", "Choose utf-16 or code-points."));
            return run(token, body, body.path("text").stringValue(), offsets);
        });
    }

    private DryRun run(AccessToken token, JsonNode body, String text, Offsets offsets) {
        try {
            RedactionPolicy policy = policy(token, body);
            PromptTerms terms = PromptTerms.of(policy.plan(TextRequest.name(body, "label")), policy.detection());
            List<Change> changes = engine.dryRun(token.tenant(), terms, text);
            List<String> blocked = changes.stream()
                    .filter(change -> change.treatment() == Treatment.BLOCK)
                    .map(change -> change.span().entity().kind())
                    .sorted()
                    .distinct()
                    .toList();
            return new DryRun(
                    blocked.isEmpty() ? Optional.of(TextEngine.applied(text, changes)) : Optional.empty(),
                    blocked,
                    views(text, changes, offsets),
                    offsets.wireName());
        } catch (ExchangeRefused refused) {
            throw Refusals.of(refused);
        } catch (PolicyRejected rejected) {
            throw PolicyEndpoints.invalid(rejected, "/policy");
        }
    }

    /// The one that is sent, or the tenant's own.
    private RedactionPolicy policy(AccessToken token, JsonNode body) throws ExchangeRefused, PolicyRejected {
        return body.has("policy") ? policies.parse(body.path("policy").toString()) : policies.policy(token.tenant());
    }

    private static List<ChangeView> views(String text, List<Change> changes, Offsets offsets) {
        Offsets.Counter counter = offsets.new Counter(text);
        return changes.stream()
                .map(change -> new ChangeView(
                        counter.at(change.span().start()),
                        counter.at(change.span().end()),
                        change.span().entity().name(),
                        change.span().score(),
                        change.treatment().wireName(),
                        change.replacement()))
                .toList();
    }
}
