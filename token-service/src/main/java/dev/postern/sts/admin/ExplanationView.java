package dev.postern.sts.admin;

import dev.postern.policy.Explanation;
import dev.postern.policy.RuleOutcome;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Why policy decides as it does, as it goes over the wire.
final class ExplanationView {

    private ExplanationView() {}

    static Map<String, Object> of(Explanation explanation) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("allowed", explanation.decision().allowed());
        view.put("rule", explanation.decision().ruleId());
        view.put(
                "rules", explanation.rules().stream().map(ExplanationView::rule).toList());
        return view;
    }

    private static Map<String, Object> rule(RuleOutcome outcome) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", outcome.id());
        view.put("effect", outcome.effect().wireName());
        view.put("outcome", outcome.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        view.put("description", outcome.description());
        return view;
    }
}
