package dev.postern.policy.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.policy.Containment;
import dev.postern.policy.Facts.Anomaly;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BehavioursTest {

    private static final Origin ORIGIN = new Origin("demo", "reports", "session-1", "token-1");
    private static final Containment END = new Containment("spike", Containment.Action.REVOKE_SESSION);

    private final Behaviours behaviours = new Behaviours(2);

    @Test
    void strangerIsNotUnusual() {
        assertThat(behaviours.scores("demo", "nobody", 0)).isEqualTo(Anomaly.NONE);
    }

    @Test
    void kindsAddUpToOneScore() {
        for (int i = 0; i < 20; i++) {
            behaviours.failed(ORIGIN, FailureKind.AUTHENTICATION, 0);
            behaviours.failed(ORIGIN, FailureKind.SEQUENCE, 0);
        }
        Anomaly scores = behaviours.scores("demo", "reports", 0);
        double each = 1 - Math.exp(-1.5);
        assertThat(scores.aeadFailures()).isCloseTo(each, within(1e-9));
        assertThat(scores.sequenceGaps()).isCloseTo(each, within(1e-9));
        assertThat(scores.score()).isCloseTo(1 - (1 - each) * (1 - each), within(1e-9));
        assertThat(behaviours.scores("other", "reports", 0)).isEqualTo(Anomaly.NONE);
    }

    @Test
    void modelTokensAndRequestsAreBothUse() {
        long now = 0;
        for (int window = 0; window < 60; window++) {
            now = window * Baseline.WINDOW_MILLIS;
            behaviours.request(ORIGIN, "eu", now);
            behaviours.modelTokens(ORIGIN, 1_000, now);
        }
        assertThat(behaviours.scores("demo", "reports", now).usage()).isZero();
        behaviours.modelTokens(ORIGIN, 200_000, now);
        assertThat(behaviours.scores("demo", "reports", now).usage()).isGreaterThan(0.95);
    }

    @Test
    void clientSeenLongestAgoIsForgotten() {
        Origin second = new Origin("demo", "b", "s", "t");
        Origin third = new Origin("demo", "c", "s", "t");
        for (int i = 0; i < 50; i++) {
            behaviours.failed(ORIGIN, FailureKind.SEQUENCE, 0);
            behaviours.failed(second, FailureKind.SEQUENCE, 0);
        }
        behaviours.failed(third, FailureKind.SEQUENCE, 0);
        assertThat(behaviours.size()).isEqualTo(2);
        assertThat(behaviours.scores("demo", "reports", 0)).isEqualTo(Anomaly.NONE);
        assertThat(behaviours.scores("demo", "b", 0).score()).isPositive();
    }

    @Test
    void onlyMaterialChangesAreNews() {
        List<Double> news = new ArrayList<>();
        behaviours.onObservation((origin, scores, isNews) -> {
            if (isNews) {
                news.add(scores.score());
            }
        });
        for (int i = 0; i < 200; i++) {
            behaviours.failed(ORIGIN, FailureKind.AUTHENTICATION, 0);
        }
        assertThat(news).hasSizeBetween(8, 25).isSorted();
        assertThat(news.getLast()).isGreaterThan(0.97);
    }

    @Test
    void incidentIsContainedOnceAMinute() {
        Incidents incidents = new Incidents();
        assertThat(incidents.begins(ORIGIN, END, 0)).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(incidents.begins(ORIGIN, END, i * 100L)).isFalse();
        }
        assertThat(incidents.begins(ORIGIN, END, Incidents.SAME_MILLIS)).isTrue();
        assertThat(incidents.begins(new Origin("demo", "reports", "session-2", "token-2"), END, 0))
                .isTrue();
        Containment client = new Containment("worse", Containment.Action.REVOKE_CLIENT);
        assertThat(incidents.begins(ORIGIN, client, 0)).isTrue();
        assertThat(incidents.begins(new Origin("demo", "reports", "session-2", "token-2"), client, 0))
                .isFalse();
    }

    @Test
    void rememberedIncidentsAreBounded() {
        Incidents incidents = new Incidents();
        for (int i = 0; i <= Incidents.MOST; i++) {
            assertThat(incidents.begins(new Origin("demo", "c" + i, "s", "t"), END, 0))
                    .isTrue();
        }
        assertThat(incidents.begins(ORIGIN, END, 0)).isTrue();
    }

    @Test
    void orderIsWhatTheTokenServiceReads() {
        JsonNode order = JsonMapper.shared().readTree(new ContainmentOrder("i-1", ORIGIN, END, 0.97).toJson());
        assertThat(order.propertyNames())
                .containsExactly(
                        "incident", "action", "session_id", "client_id", "tenant", "token_id", "rule", "score");
        assertThat(order.path("action").stringValue()).isEqualTo("revoke-session");
        assertThat(order.path("score").doubleValue()).isEqualTo(0.97);
    }
}
