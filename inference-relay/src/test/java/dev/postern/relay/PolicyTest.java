package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.trust.PolicyPublished;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What its token and the policy let a client do that speaks for itself.
@SuppressWarnings("NullAway.Init")
class PolicyTest extends RelayFixture {
    private static final String ALLOW_ALL = """
            {"rules":[{"id":"all","effect":"allow","when":"true"}]}""";
    private static final String WITHOUT_STREAMS = """
            {"rules":[{"id":"all","effect":"allow","when":"true"},
             {"id":"no-streams","effect":"deny","when":"request.streamed"}]}""";
    private long epoch;

    @Test
    void aRequestBeforeTheFirstPolicyDoesNotBegin() throws Exception {
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(code(client, Requests.chat(rig.clock, "echo"))).isEqualTo("revocation-unavailable");
        }
        assertThat(rig.upstream.seen()).isEmpty();
    }

    @Test
    void aRequestThatAllowsAllIsServed() throws Exception {
        publish(ALLOW_ALL);
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    @Test
    void aModelThatTheTokensDetailsDoNotNameDoesNotExist() throws Exception {
        publish(ALLOW_ALL);
        try (SealedClient client = SealedClient.open(rig, thumbprint -> narrowed(thumbprint, "other-*"))) {
            assertThat(code(client, Requests.chat(rig.clock, "echo"))).isEqualTo("unknown-model");
            assertThat(client.askAndAnswer(models()).text())
                    .as("nor in the list")
                    .contains("\"data\":[]");
        }
        assertThat(rig.upstream.seen()).isEmpty();
        try (SealedClient client = SealedClient.open(rig, thumbprint -> narrowed(thumbprint, "ech*"))) {
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.askAndAnswer(models()).text())
                    .contains("\"echo\"")
                    .doesNotContain("\"endless\"");
        }
    }

    @Test
    void whatARuleDeniesIsForbiddenAndTheSessionLivesOn() throws Exception {
        publish(WITHOUT_STREAMS);
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(code(client, Requests.stream(rig.clock, "echo"))).isEqualTo("forbidden");
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    @Test
    void dataThatTheClientIsNotClearedForIsForbidden() throws Exception {
        publish(ALLOW_ALL);
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(code(client, labelled("confidential"))).isEqualTo("forbidden");
            assertThat(client.askAndAnswer(labelled("internal")).problem()).isNull();
        }
        assertThat(rig.upstream.seen()).hasSize(1);
        try (SealedClient client = SealedClient.open(
                rig, thumbprint -> Order.application(thumbprint).with("clearance", "confidential"))) {
            assertThat(client.askAndAnswer(labelled("confidential")).problem()).isNull();
            assertThat(code(client, labelled("restricted"))).isEqualTo("forbidden");
            publish("""
                    {"rules":[{"id":"all","effect":"allow","when":"true"},
                     {"id":"here","effect":"deny","when":"request.sensitivity == 'confidential'"}]}""");
            assertThat(code(client, labelled("confidential"))).isEqualTo("forbidden");
            assertThat(client.askAndAnswer(labelled("public")).problem()).isNull();
        }
    }

    private String labelled(String label) {
        return Requests.chat(rig.clock, "echo").replaceFirst("\\{", "{\"sensitivity\":\"" + label + "\",");
    }

    @Test
    void aStreamThatANewPolicyDeniesEnds() throws Exception {
        publish(ALLOW_ALL);
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            int stream = client.ask(Requests.stream(rig.clock, "endless"));
            Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);
            publish(WITHOUT_STREAMS);
            assertThat(Objects.requireNonNull(client.answer(stream).problem()).code())
                    .isEqualTo("forbidden");
            rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStreamThatOutlivesARulesTimeEnds() throws Exception {
        publish("""
                {"rules":[{"id":"all","effect":"allow","when":"true"},
                 {"id":"young","effect":"deny","when":"token.age_s > 60"}]}""");
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            int stream = client.ask(Requests.stream(rig.clock, "endless"));
            Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);
            rig.clock.advance(Duration.ofSeconds(30));
            rig.clock.advance(Duration.ofSeconds(31));
            assertThat(Objects.requireNonNull(client.answer(stream).problem()).code())
                    .isEqualTo("forbidden");
        }
    }

    @Test
    void aDelegatingGatewayIsNotJudgedHere() throws Exception {
        publish(WITHOUT_STREAMS);
        try (SealedClient gateway = SealedClient.open(rig)) {
            assertThat(gateway.askAndAnswer(Requests.stream(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    /// What is narrowed in a way that nobody can hold it to here is not taken at all.
    @ParameterizedTest
    @ValueSource(strings = {"net", "authorization_details"})
    void aTokenThatCannotBeEnforcedGetsNoSession(String claim) throws Exception {
        Map<String, Object> values = Map.of(
                "net",
                List.of("127.0.0.1/32"),
                "authorization_details",
                List.of(Map.of("type", "postern_budget", "requests", 1)));
        try (SealedClient client = new SealedClient(rig)) {
            client.connect();
            Order order = Order.application(client.thumbprint()).with(claim, Objects.requireNonNull(values.get(claim)));
            client.send(client.offer(order));
            assertThat(client.closed()).isEqualTo("4403 forbidden");
        }
    }

    private static Order narrowed(String thumbprint, String models) {
        return Order.application(thumbprint)
                .with("authorization_details", List.of(Map.of("type", "postern_models", "models", List.of(models))));
    }

    private String models() {
        return Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5));
    }

    private void publish(String policy) {
        epoch++;
        rig.trust.apply(List.of(new PolicyPublished(epoch, 0, policy)));
    }

    private static String code(SealedClient client, String request) throws Exception {
        return Objects.requireNonNull(client.askAndAnswer(request).problem()).code();
    }
}
