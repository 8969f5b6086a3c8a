package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.SealedClient.Offer;
import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.live.LiveSessions.Which;
import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.problem.Failure;
import dev.postern.policy.PolicySet;
import dev.postern.trust.Revocation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/// Sealed sessions of clients through the gateway: who gets one, what passes, and what ends it.
class SealedTest extends SealedFixture {
    @Autowired
    private LiveSessions sessions;

    @Test
    void sessionWhenOpenedThroughTheGatewayThenBothEndsTalk() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.ask("{\"op\":\"/v1/chat/completions\"}");

            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
            FakeStream stream = next();
            assertThat(stream.request().path("op").asString()).isEqualTo("/v1/chat/completions");
            stream.event("{\"n\":2}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":2}");
        }
    }

    @Test
    void tokenWhenOfferedAsSubprotocolThenTakenAndNotRepeated() throws Exception {
        String token = PLATFORM.tokens().good();
        try (SealedClient sealed = new SealedClient(PLATFORM)) {
            Offer offer = sealed.offer(relays(token).getFirst());
            sealed.connect(client, address(offer.keyId()), "", "ssp1.bearer." + token);

            assertThat(sealed.protocol()).isEqualTo("ssp1");
            sealed.open(offer);
            assertThat(refusal("Bearer " + token, "ssp1.bearer." + token))
                    .as("both")
                    .isEqualTo(400);
            assertThat(refusal("", "ssp1.bearer." + PLATFORM.tokens().forged())).isEqualTo(401);
            assertThat(refusal("", "other")).isEqualTo(401);
        }
    }

    @Test
    void tokenWhenNotForInferenceThenRefusedBeforeTheUpgrade() throws Exception {
        assertThat(refusal("Bearer " + capability())).isEqualTo(403);
        assertThat(refusal("Bearer " + with("token_use", "publish"))).isEqualTo(403);
        assertThat(refusal("Bearer " + with("scope", "topic:publish"))).isEqualTo(403);
        assertThat(send(to("/ssp1/key-config")
                                .header("Authorization", "Bearer " + with("token_use", "publish"))
                                .GET())
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(to("/ssp1/key-config").GET()).statusCode()).isEqualTo(401);
    }

    @Test
    void clientWhenLimitedThenGetsNoSession() throws Exception {
        limits(new LimitBuilder("l").requestsPerMinute(1000, 1000).build());
        assertThat(refusal("Bearer " + PLATFORM.tokens().good())).isEqualTo(403);
        limits();
        List<Map<String, Object>> budget = List.of(Map.of("type", "postern_budget", "requests", 5));
        assertThat(refusal(
                        "Bearer " + PLATFORM.tokens().signed(claims -> claims.claim("authorization_details", budget))))
                .isEqualTo(403);
    }

    @Test
    void sessionWhenItsClientBecomesLimitedThenClosed() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            limits(new LimitBuilder("l").requestsPerMinute(1000, 1000).build());
            feed.publish(PolicySet.DEFAULT_JSON, false);

            assertThat(sealed.closed()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("4403 forbidden");
        }
    }

    @Test
    void upgradeWhenARuleDeniesSealedSessionsThen403AndOtherRequestsGoOn() throws Exception {
        String token = PLATFORM.tokens().good();
        model(stream -> stream.document("{}"));
        long epoch = feed.publish(
                "{\"description\":\"test\",\"rules\":[{\"id\":\"no-sealed\",\"effect\":\"deny\","
                        + "\"phases\":[\"session\"],\"when\":\"request.operation == 'sealed.session'\"},"
                        + "{\"id\":\"rest\",\"effect\":\"allow\",\"phases\":[\"session\"],\"when\":\"true\"}]}",
                false);
        Awaitility.await()
                .until(() -> meters.get("postern.policy.epoch").gauge().value() >= epoch);
        String key;
        try (SealedClient any = new SealedClient(PLATFORM)) {
            key = any.offer(relays(token).getFirst()).keyId();
        }

        // A key that a relay holds: nothing but the rule stands in the way.
        assertThat(refusalOf(key, "Bearer " + token)).isEqualTo(403);
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
    }

    @Test
    void keyWhenUnknownThenClosedAsKeyConfig() throws Exception {
        for (String key : List.of("AAAAAAAAAAAAAAAAAAAAAA", "x", "")) {
            try (SealedClient sealed = new SealedClient(PLATFORM)) {
                sealed.connect(
                        client, address(key), "Bearer " + PLATFORM.tokens().good());
                assertThat(sealed.closed().get(10, TimeUnit.SECONDS)).isEqualTo("4422 key-config");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TOKEN,j-1", "SESSION,s-1", "CLIENT,c-1", "SUBJECT,u-1", "TENANT,t-1", "KEY,key-1"})
    void sessionWhenRevokedThenClosedAtOnceAndNothingMoreComes(Kind kind, String value) throws Exception {
        try (SealedClient sealed = open(named(Instant.now().plusSeconds(300)))) {
            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
            FakeStream stream = next();

            feed.revoke(kind, value);

            assertThat(sealed.closed()).succeedsWithin(SOON).isEqualTo("4403 forbidden");
            stream.event("{\"n\":2}");
            assertThat(sealed.hasMessage()).isFalse();
        }
    }

    @Test
    void sessionWhenItsTokenExpiresThenClosed() throws Exception {
        try (SealedClient sealed = open(named(Instant.now().plusSeconds(3)))) {
            assertThat(sealed.closed()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("4401 open-rejected");
        }
    }

    @Test
    void answerWhenTheFeedIsSilentThenWaits() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
            FakeStream stream = next();
            feed.current(false);
            stream.event("{\"n\":2}");
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> !sealed.hasMessage());
            feed.current(true);

            assertThat(sealed.heard()).isEqualTo("{\"n\":2}");
        }
    }

    @Test
    void endWhenRevocationIsUnavailableThenItsOwnCloseCode() throws Exception {
        try (SealedClient sealed = open(named(Instant.now().plusSeconds(300)))) {
            assertThat(sessions.end(new Which.Client("c-1"), Failure.REVOCATION_UNAVAILABLE))
                    .isEqualTo(1);

            assertThat(sealed.closed()).succeedsWithin(SOON).isEqualTo("4503 revocation-unavailable");
        }
    }

    @Test
    void upgradeWhenTheFeedIsSilentThenRefused() throws Exception {
        feed.current(false);

        assertThat(refusal("Bearer " + PLATFORM.tokens().good())).isEqualTo(503);
    }

    @Test
    void sessionWhenTheRelayGoesThenTheClientIsToldToOpenAgain() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
            next().breakConnection();

            assertThat(sealed.closed()).succeedsWithin(SOON).isEqualTo("4410 session-unknown");
        }
    }

    @Test
    void sessionWhenTheClientLeavesThenNoLongerLives() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
            Awaitility.await().until(() -> live() > 0);
            sealed.leave();

            Awaitility.await().until(() -> live() == 0);
        }
    }

    @Test
    void messageWhenTextThenClosed() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.sendText("hello");

            assertThat(sealed.closed()).succeedsWithin(SOON).asString().startsWith("1003");
        }
    }

    @Test
    void pathWhenNotUpgradedThen426() throws Exception {
        assertThat(send(authorized("/ssp1?key_id=x").GET()).statusCode()).isEqualTo(426);
    }

    private double live() {
        return meters.get("postern.live.requests").gauge().value();
    }

    private static String named(Instant expires) {
        return PLATFORM.tokens()
                .signed(claims -> claims.jwtID("j-1")
                        .subject("u-1")
                        .expirationTime(Date.from(expires))
                        .claim("sid", "s-1")
                        .claim("client_id", "c-1")
                        .claim("tenant", "t-1"));
    }

    private static String capability() {
        return PLATFORM.tokens()
                .signed(claims -> claims.claim("token_use", "capability").claim("uses", 2));
    }

    private static String with(String claim, Object value) {
        return PLATFORM.tokens().signed(claims -> claims.claim(claim, value));
    }
}
