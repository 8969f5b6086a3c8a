package dev.postern.policy.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Containment;
import dev.postern.policy.Facts.Anomaly;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class ContainmentsTest {
    private static final Origin ORIGIN = new Origin("demo", "reports", "session-1", "token-1");
    private static final Anomaly HIGH = new Anomaly(0.99, 0, 0, 0.99, 0);
    private static final Containment SPIKE = new Containment("spike", Containment.Action.REVOKE_SESSION);

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z"));
    private final List<String> happened = new ArrayList<>();
    private boolean recordable = true;
    private boolean reportable = true;
    private boolean room = true;

    private final Containments containments = new Containments(
            facts -> facts.anomaly().score() > 0.9 ? Optional.of(SPIKE) : Optional.empty(),
            new Containments.Measures() {
                @Override
                public boolean record(ContainmentOrder order) {
                    happened.add("record");
                    return recordable;
                }

                @Override
                public void end(ContainmentOrder order) {
                    happened.add("end " + order.origin().sessionId());
                }

                @Override
                public boolean report(ContainmentOrder order) {
                    happened.add("report " + order.incident());
                    return reportable;
                }
            },
            happened::add,
            containing(),
            () -> "i-1",
            clock);

    private Executor containing() {
        return task -> {
            if (!room) {
                throw new RejectedExecutionException();
            }
            task.run();
        };
    }

    @Test
    void observedWhenItIsNewsThenContainedOnceInThisOrder() {
        containments.observed(ORIGIN, HIGH, true);
        containments.observed(ORIGIN, HIGH, true);

        assertThat(happened).containsExactly("record", "end session-1", "report i-1", "revoke-session");
    }

    @Test
    void observedWhenNotNewsOrNotUnusualThenNothing() {
        containments.observed(ORIGIN, HIGH, false);
        containments.observed(ORIGIN, Anomaly.NONE, true);

        assertThat(happened).isEmpty();
    }

    @Test
    void orderWhenTheQueueIsFullThenItIsGivenAgainThoughNothingChanges() {
        room = false;
        containments.observed(ORIGIN, HIGH, true);
        containments.observed(ORIGIN, HIGH, false);
        assertThat(happened).containsExactly("dropped", "dropped");
        room = true;
        happened.clear();

        containments.observed(ORIGIN, HIGH, false);
        containments.observed(ORIGIN, HIGH, false);

        assertThat(happened).containsExactly("record", "end session-1", "report i-1", "revoke-session");
    }

    @Test
    void orderWhenItCannotBeReportedThenItIsGivenAgain() {
        reportable = false;
        containments.observed(ORIGIN, HIGH, true);
        assertThat(happened).endsWith("dropped");
        reportable = true;

        containments.observed(ORIGIN, HIGH, false);

        assertThat(happened).endsWith("report i-1", "revoke-session");
    }

    @Test
    void orderWhenDroppedAndTheClientIsUsualAgainThenItIsForgotten() {
        room = false;
        containments.observed(ORIGIN, HIGH, true);
        room = true;
        containments.observed(ORIGIN, Anomaly.NONE, false);
        containments.observed(ORIGIN, HIGH, false);

        assertThat(happened).containsExactly("dropped");
    }

    @Test
    void orderWhenItCannotBeRecordedThenItIsDoneAllTheSame() {
        recordable = false;
        containments.observed(ORIGIN, HIGH, true);

        assertThat(happened).containsExactly("record", "unrecorded", "end session-1", "report i-1", "revoke-session");
    }

    @Test
    void incidentsAreNamedByRandomBits() {
        IncidentIds ids = new IncidentIds(new Random(1));

        assertThat(ids.get()).matches("[0-9a-f]{24}").isNotEqualTo(ids.get());
    }
}
