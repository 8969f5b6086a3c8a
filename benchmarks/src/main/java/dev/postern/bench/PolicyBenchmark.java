package dev.postern.bench;

import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Containment;
import dev.postern.policy.Decision;
import dev.postern.policy.Explanation;
import dev.postern.policy.Facts;
import dev.postern.policy.LatencyClass;
import dev.postern.policy.Phase;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.policy.Sensitivity;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Decisions of a policy with one role and eight rules, every one of which is asked, beside the same in plain Java.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class PolicyBenchmark {

    private static final String POLICY = """
            {"roles":{"analyst":{"scopes":["llm:invoke"],"models":["simulator-*"],"topics":["orders.*"]}},
             "rules":[
              {"id":"nights","effect":"deny","when":"now.weekday <= 5 && (now.hour < 6 || now.hour >= 22)"},
              {"id":"network","effect":"deny",
               "when":"request.sensitivity == 'restricted' && !ipInRange(request.address, '10.0.0.0/8')"},
              {"id":"region","effect":"deny","when":"!(request.region in ['eu', 'uk', 'ch'])"},
              {"id":"old","effect":"deny","when":"token.age_s > 240 && request.latency_class == 'batch'"},
              {"id":"anomaly","effect":"deny","when":"anomaly.score >= 0.9"},
              {"id":"broke","effect":"deny",
               "when":"quota.requests_left == 0 || quota.spend_left_micros == 0 || quota.model_tokens_left == 0"},
              {"id":"strangers","effect":"deny","when":"token.actors.exists(a, a != 'gateway-service')"},
              {"id":"analysts","effect":"allow",
               "when":"'analyst' in client.roles && request.model.startsWith('simulator-') && token.bound"}],
             "containment":[{"id":"spike","when":"anomaly.score >= 0.95","action":"revoke-session"}]}""";

    private final CompiledPolicy policy = compiled();
    private final Facts facts = Facts.at(MintedTokens.NOW)
            .with(new Facts.Client("reports", "demo", List.of("analyst"), Sensitivity.CONFIDENTIAL))
            .with(new Facts.Token(30, "inference", List.of("llm:invoke"), true, "reports", List.of("gateway-service")))
            .with(new Facts.Request(
                    "simulator-small",
                    "chat.completions",
                    "",
                    LatencyClass.INTERACTIVE,
                    Sensitivity.INTERNAL,
                    "10.1.2.3",
                    "eu",
                    true));

    private static CompiledPolicy compiled() {
        try {
            return CompiledPolicy.compile(PolicySet.parse(POLICY));
        } catch (PolicyRejected e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public Decision decide() {
        return policy.decide(Phase.SESSION, facts);
    }

    @Benchmark
    public Explanation explain() {
        return policy.explain(Phase.SESSION, facts);
    }

    @Benchmark
    public Optional<Containment> containment() {
        return policy.containment(facts);
    }

    /// The same eight rules as a Java expression: what a language costs.
    @Benchmark
    public boolean referenceJava() {
        long second = facts.now().getEpochSecond();
        long hour = second % 86_400 / 3600;
        Facts.Request request = facts.request();
        return !(hour < 6 || hour >= 22)
                && request.sensitivity() != Sensitivity.RESTRICTED
                && List.of("eu", "uk", "ch").contains(request.region())
                && !(facts.token().ageSeconds() > 240 && request.latencyClass() == LatencyClass.BATCH)
                && facts.anomaly().score() < 0.9
                && facts.quota().requestsLeft() != 0
                && facts.token().actors().stream().allMatch("gateway-service"::equals)
                && facts.client().roles().contains("analyst")
                && request.model().startsWith("simulator-");
    }
}
