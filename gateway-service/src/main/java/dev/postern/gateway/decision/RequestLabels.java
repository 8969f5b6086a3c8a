package dev.postern.gateway.decision;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.LatencyClass;
import dev.postern.policy.Sensitivity;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;

/// What a client says of its own request.
public record RequestLabels(Sensitivity sensitivity, LatencyClass latencyClass) {
    static final String SENSITIVITY = "Postern-Sensitivity";
    static final String LATENCY_CLASS = "Postern-Latency-Class";

    /// The labels of a request: internal and interactive unless it says otherwise.
    ///
    /// @throws Refused when one is there twice, or has a value that does not exist
    public static RequestLabels of(HttpHeaders headers) {
        return new RequestLabels(
                label(headers, SENSITIVITY, Sensitivity.INTERNAL, Sensitivity::ofWireName),
                label(headers, LATENCY_CLASS, LatencyClass.INTERACTIVE, LatencyClass::ofWireName));
    }

    /// How sensitive the client says the data is, if it says anything.
    ///
    /// @throws Refused as [#of] does
    public static Optional<Sensitivity> stated(HttpHeaders headers) {
        return headers.getOrEmpty(SENSITIVITY).isEmpty()
                ? Optional.empty()
                : Optional.of(of(headers).sensitivity());
    }

    private static <T> T label(HttpHeaders headers, String name, T otherwise, Function<String, Optional<T>> read) {
        List<String> values = headers.getOrEmpty(name);
        return switch (values.size()) {
            case 0 -> otherwise;
            case 1 -> read.apply(values.getFirst()).orElseThrow(() -> new Refused(Failure.FACTS_INVALID));
            default -> throw new Refused(Failure.FACTS_INVALID);
        };
    }
}
