package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.audit.RequestServed;
import dev.postern.audit.SessionClosed;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.SealedClient.Answer;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.relay.session.SessionListing;
import dev.postern.session.StreamProblem;
import dev.postern.trust.KeyStates;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.Revocation;
import dev.postern.trust.Revocation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the trust feed takes back while it is in use.
@SuppressWarnings("NullAway.Init")
class RevocationTest extends RelayFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource({"SESSION,session-1", "CLIENT,gateway-service", "SUBJECT,gateway-service", "TENANT,postern", "KEY,k1"})
    void aSessionWhoseTokenIsRevokedEndsAtOnce(Kind kind, String value) throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            rig.trust.apply(List.of(revocation(kind, value)));
            assertThat(client.closed()).isEqualTo("4403 forbidden");
        }
        await().untilAsserted(() -> assertThat(rig.audited(SessionClosed.class))
                .singleElement()
                .satisfies(closed -> assertThat(closed.reason()).isEqualTo("revoked")));
        assertThat(rig.sessions.open()).isZero();
    }

    @Test
    void aSessionWhoseKeyIsCompromisedOrPolicyIsOutdatedEndsAtOnce() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            rig.trust.apply(List.of(new KeyStates(1, Map.of("other", KeyStates.State.COMPROMISED))));
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            rig.trust.apply(List.of(new PolicyPublished(1, 1, "{}")));
            assertThat(client.closed()).isEqualTo("4403 forbidden");
        }
    }

    @ParameterizedTest
    @CsvSource({"TOKEN,j1", "SESSION,s1", "CLIENT,demo", "SUBJECT,demo", "TENANT,acme", "KEY,k9"})
    void aRequestWhoseCallerIsRevokedEndsAndTheSessionLivesOn(Kind kind, String value) throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            int stream = client.ask(Requests.stream(rig.clock, "endless"));
            await().atMost(PATIENCE).until(() -> rig.upstream.endlessEvents() > 0);
            rig.trust.apply(List.of(revocation(kind, value)));
            assertThat(code(client.answer(stream))).isEqualTo("forbidden");
            rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
            assertThat(code(client.askAndAnswer(Requests.chat(rig.clock, "echo"))))
                    .as("the next one as well")
                    .isEqualTo("forbidden");
            assertThat(client.isOpen()).isTrue();
            assertThat(rig.audited(RequestServed.class))
                    .singleElement()
                    .satisfies(served -> assertThat(served.outcome()).isEqualTo("forbidden"));
        }
    }

    @Test
    void anotherCallersRequestGoesOn() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            rig.trust.apply(List.of(revocation(Kind.TOKEN, "another")));
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    @Test
    void anOpenWithARevokedTokenIsForbidden() throws Exception {
        rig.trust.apply(List.of(revocation(Kind.CLIENT, "gateway-service")));
        assertThat(refusal()).isEqualTo("4403 forbidden");
    }

    @Test
    void whileTheFeedIsSilentNothingBegins() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            rig.trust.current(false);
            assertThat(code(client.askAndAnswer(Requests.chat(rig.clock, "echo"))))
                    .isEqualTo("revocation-unavailable");
            assertThat(refusal()).isEqualTo("4503 revocation-unavailable");
            rig.trust.current(true);
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    @Test
    void whileTheFeedIsSilentAnswersAreHeldBackAndTheModelWithThem() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.ask(Requests.stream(rig.clock, "endless"));
            await().atMost(PATIENCE).until(() -> rig.upstream.endlessEvents() > 5);
            rig.trust.current(false);
            // What fits the buffers between the model and here still arrives; then the model has to wait.
            await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(this::modelStandsStill);
            client.discardArrived();
            assertThat(client.silentFor(Duration.ofMillis(300))).isTrue();
            rig.trust.current(true);
            for (int i = 0; i < 20; i++) {
                assertThat(client.silentFor(Duration.ofSeconds(10))).isFalse();
            }
        }
    }

    @Test
    void whatIsHeldBackForARevokedCallerNeverLeaves() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            int stream = client.ask(Requests.stream(rig.clock, "endless"));
            await().atMost(PATIENCE).until(() -> rig.upstream.endlessEvents() > 5);
            rig.trust.current(false);
            await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(this::modelStandsStill);
            client.discardArrived();
            rig.trust.apply(List.of(revocation(Kind.TOKEN, "j1")));
            rig.trust.current(true);
            Answer answer = client.answer(stream);
            assertThat(answer.messages()).isEmpty();
            assertThat(code(answer)).isEqualTo("forbidden");
        }
    }

    @Test
    void liveSessionsAreTold() throws Exception {
        SessionListing listing = SessionListing.start(rig.sessions, rig.store(), rig.scheduler());
        try (SealedClient client = SealedClient.open(rig)) {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(told(listing))
                            .contains("\"sid\":\"session-1\"")
                            .contains("\"client\":\"gateway-service\"")
                            .contains("\"kind\":\"sealed\""));
            assertThat(client.isOpen()).isTrue();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> "[]".equals(told(listing)));
    }

    private long lastSeen = -1;

    private boolean modelStandsStill() {
        long now = rig.upstream.endlessEvents();
        boolean still = now == lastSeen;
        lastSeen = now;
        return still;
    }

    private @Nullable String told(SessionListing listing) {
        return rig.store()
                .connection()
                .orElseThrow()
                .async()
                .get(listing.key())
                .toCompletableFuture()
                .join();
    }

    private String refusal() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            client.connect();
            client.send(open);
            return client.closed();
        }
    }

    private Revocation revocation(Kind kind, String value) {
        return Revocation.of(kind, value, rig.clock.instant().plusSeconds(1), "test");
    }

    private static String code(Answer answer) {
        StreamProblem problem = answer.problem();
        return problem == null ? "none" : problem.code();
    }
}
