package dev.postern.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelVariableResolver;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The variables of conditions, read from the facts of one decision. One table both declares and resolves them, so
/// a condition that compiles finds every variable it names.
record FactVariables(Phase phase, Facts facts) implements CelVariableResolver {

    private static final CelType STRINGS = ListType.create(SimpleType.STRING);
    private static final long SECONDS_PER_DAY = 86_400;

    static final Map<String, Variable> TABLE = table(
            variable("phase", SimpleType.STRING, from -> from.phase.wireName()),
            variable("client.id", SimpleType.STRING, from -> from.facts.client().id()),
            variable(
                    "client.tenant",
                    SimpleType.STRING,
                    from -> from.facts.client().tenant()),
            variable("client.roles", STRINGS, from -> from.facts.client().roles()),
            variable(
                    "client.sensitivity_clearance",
                    SimpleType.STRING,
                    from -> from.facts.client().sensitivityClearance().wireName()),
            variable("token.age_s", SimpleType.INT, from -> from.facts.token().ageSeconds()),
            variable("token.use", SimpleType.STRING, from -> from.facts.token().use()),
            variable("token.scopes", STRINGS, from -> from.facts.token().scopes()),
            variable("token.bound", SimpleType.BOOL, from -> from.facts.token().bound()),
            variable(
                    "token.subject",
                    SimpleType.STRING,
                    from -> from.facts.token().subject()),
            variable("token.actors", STRINGS, from -> from.facts.token().actors()),
            variable(
                    "request.model",
                    SimpleType.STRING,
                    from -> from.facts.request().model()),
            variable(
                    "request.operation",
                    SimpleType.STRING,
                    from -> from.facts.request().operation()),
            variable(
                    "request.topic",
                    SimpleType.STRING,
                    from -> from.facts.request().topic()),
            variable(
                    "request.latency_class",
                    SimpleType.STRING,
                    from -> from.facts.request().latencyClass().wireName()),
            variable(
                    "request.sensitivity",
                    SimpleType.STRING,
                    from -> from.facts.request().sensitivity().wireName()),
            variable(
                    "request.address",
                    SimpleType.STRING,
                    from -> from.facts.request().address()),
            variable(
                    "request.region",
                    SimpleType.STRING,
                    from -> from.facts.request().region()),
            variable(
                    "request.streamed",
                    SimpleType.BOOL,
                    from -> from.facts.request().streamed()),
            variable(
                    "quota.requests_left",
                    SimpleType.INT,
                    from -> from.facts.quota().requestsLeft()),
            variable(
                    "quota.model_tokens_left",
                    SimpleType.INT,
                    from -> from.facts.quota().modelTokensLeft()),
            variable(
                    "quota.spend_left_micros",
                    SimpleType.INT,
                    from -> from.facts.quota().spendLeftMicros()),
            variable(
                    "anomaly.score",
                    SimpleType.DOUBLE,
                    from -> from.facts.anomaly().score()),
            variable(
                    "anomaly.usage",
                    SimpleType.DOUBLE,
                    from -> from.facts.anomaly().usage()),
            variable(
                    "anomaly.region_drift",
                    SimpleType.DOUBLE,
                    from -> from.facts.anomaly().regionDrift()),
            variable(
                    "anomaly.aead_failures",
                    SimpleType.DOUBLE,
                    from -> from.facts.anomaly().aeadFailures()),
            variable(
                    "anomaly.sequence_gaps",
                    SimpleType.DOUBLE,
                    from -> from.facts.anomaly().sequenceGaps()),
            variable("now.hour", SimpleType.INT, from -> from.secondOfDay() / 3600),
            variable("now.minute", SimpleType.INT, from -> from.secondOfDay() / 60 % 60),
            // 1970-01-01 was a Thursday.
            variable(
                    "now.weekday",
                    SimpleType.INT,
                    from -> Math.floorMod(Math.floorDiv(from.epochSecond(), SECONDS_PER_DAY) + 3, 7) + 1L),
            variable("now.epoch_s", SimpleType.INT, FactVariables::epochSecond));

    /// @param size the most characters of a text or elements of a list that it can hold
    record Variable(String name, CelType type, int size, Function<FactVariables, Object> value) {}

    @Override
    public Optional<Object> find(String name) {
        Variable variable = TABLE.get(name);
        return variable == null
                ? Optional.empty()
                : Optional.of(variable.value().apply(this));
    }

    private long epochSecond() {
        return facts.now().getEpochSecond();
    }

    private long secondOfDay() {
        return Math.floorMod(epochSecond(), SECONDS_PER_DAY);
    }

    private static Variable variable(String name, CelType type, Function<FactVariables, Object> value) {
        return new Variable(name, type, type.equals(STRINGS) ? Facts.MAX_LIST : Facts.MAX_TEXT, value);
    }

    private static Map<String, Variable> table(Variable... variables) {
        return Arrays.stream(variables).collect(Collectors.toUnmodifiableMap(Variable::name, Function.identity()));
    }
}
