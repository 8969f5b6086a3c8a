package dev.postern.sts.admin;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.Facts;
import dev.postern.policy.Phase;
import dev.postern.policy.PolicyRejected;
import dev.postern.redis.RedisLink;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Why was this denied: the facts of a refused request, decided again under the policy that was in force then.
///
/// Refusals are kept for 15 minutes, by the gateway, in Redis; there is nothing of a request's content in them.
@RestController
final class DenialController {

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
    private static final int MAX_LENGTH = 64 * 1024;

    private final RedisLink redis;
    private final PoliciesInForce policies;

    DenialController(RedisLink redis, PoliciesInForce policies) {
        this.redis = redis;
        this.policies = policies;
    }

    @GetMapping("/admin/v1/denials/{requestId}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> explain(@PathVariable String requestId) {
        if (!REQUEST_ID.matcher(requestId).matches()) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        ObjectNode denial = parse(stored(requestId).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("request_id", requestId);
        denial.properties().forEach(member -> view.put(member.getKey(), member.getValue()));
        explanation(denial).ifPresent(explanation -> view.put("explanation", explanation));
        return Answer.ok(view).response();
    }

    /// Nothing when the version is gone, or the facts are not what this version reads.
    private Optional<Map<String, Object>> explanation(ObjectNode denial) {
        Optional<InForce> policy = policies.at(denial.path("policy_version").asLong(0));
        Optional<Phase> phase = Phase.ofWireName(denial.path("phase").stringValue("session"));
        if (policy.isEmpty() || phase.isEmpty()) {
            return Optional.empty();
        }
        try {
            Facts facts = Facts.parse(denial.path("facts").toString());
            return Optional.of(ExplanationView.of(policy.get().compiled().explain(phase.get(), facts)));
        } catch (PolicyRejected _) {
            return Optional.empty();
        }
    }

    private static ObjectNode parse(String json) {
        try {
            if (json.length() <= MAX_LENGTH && Documents.JSON.readTree(json) instanceof ObjectNode denial) {
                return denial;
            }
        } catch (JacksonException _) {
            // Not ours.
        }
        throw new ProblemException(Problem.NOT_FOUND);
    }

    private Optional<String> stored(String requestId) {
        try {
            return Optional.ofNullable(redis.connection()
                    .orElseThrow(() -> new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1")))
                    .async()
                    .get("postern:denial:" + requestId)
                    .get(2, TimeUnit.SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (ProblemException e) {
            throw e;
        } catch (ExecutionException | TimeoutException | RuntimeException _) {
            throw new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
    }
}
