package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.FrameRejected;
import dev.postern.audit.RequestRejected;
import dev.postern.audit.RequestServed;
import dev.postern.audit.SessionClosed;
import dev.postern.audit.SessionOpened;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.EpochLimits;
import dev.postern.session.ProofKey;
import dev.postern.test.RedisForTests;
import dev.postern.trust.PolicyPublished;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Who gets a session, and what a session bears.
@SuppressWarnings("NullAway.Init")
class SessionTest extends RelayFixture {
    @Test
    void aReplayedFrameIsDroppedAndTheSessionLivesOn() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            int stream = client.session().openStream();
            byte[] request = Requests.chat(rig.clock, "echo").getBytes(StandardCharsets.UTF_8);
            byte[] frame = client.session()
                    .seal(stream, request, ContentType.JSON, Chunk.LAST)
                    .getFirst();
            client.send(frame);
            client.send(frame);
            client.send(frame);
            assertThat(client.answer(stream).problem()).isNull();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(rig.upstream.seen()).as("served once each").hasSize(2);
            assertThat(rig.meters.get("postern.replays.rejected").counter().count())
                    .isEqualTo(2);
            assertThat(rig.audited(FrameRejected.class))
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.reason()).isEqualTo("duplicate"));
        }
    }

    @Test
    void aTamperedFrameIsDroppedAndTheSessionLivesOn() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            int stream = client.session().openStream();
            byte[] request = Requests.chat(rig.clock, "echo").getBytes(StandardCharsets.UTF_8);
            byte[] frame = client.session()
                    .seal(stream, request, ContentType.JSON, Chunk.LAST)
                    .getFirst();
            byte[] tampered = frame.clone();
            tampered[tampered.length - 20] ^= 1;
            client.send(tampered);
            client.send(new byte[] {1, 2, 3});
            client.send(frame);
            assertThat(client.answer(stream).problem())
                    .as("the true frame still counts as new")
                    .isNull();
            assertThat(rig.meters
                            .get("postern.frames.rejected")
                            .tag("reason", "bad-tag")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(rig.audited(FrameRejected.class)).hasSize(2);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void openingAndClosingAreAudited() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            for (byte[] frame : client.session().sealClose("done")) {
                client.send(frame);
            }
            assertThat(client.closed()).isEqualTo("1000 closed");
        }
        assertThat(rig.audited(SessionOpened.class)).singleElement().satisfies(opened -> {
            assertThat(opened.clientId()).isEqualTo("gateway-service");
            assertThat(opened.suite()).isEqualTo("X_WING");
            assertThat(opened.keyId()).isEqualTo("k1");
        });
        assertThat(rig.audited(SessionClosed.class)).singleElement().satisfies(closed -> {
            assertThat(closed.reason()).isEqualTo("client-closed");
            assertThat(closed.framesOpened()).isEqualTo(1);
        });
    }

    @Test
    void aReplayedOpenIsRefused() throws Exception {
        try (SealedClient client = new SealedClient(rig);
                SealedClient replayer = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            client.connect();
            client.send(open);
            client.accept();
            replayer.connect();
            replayer.send(open);
            assertThat(replayer.closed()).isEqualTo("4409 open-replayed");
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    /// Another OPEN in everything: ephemeral, challenge, token. Only the proof's `jti` was here before.
    @Test
    void anOpenWhoseProofNamesAJtiSeenBeforeIsRefused() throws Exception {
        ProofKey key = new ProofKey(SealedClient.keyPair(), new SameEveryTime());
        ProofKey other = new ProofKey(SealedClient.keyPair(), new SameEveryTime());
        try (SealedClient first = new SealedClient(rig, key);
                SealedClient again = new SealedClient(rig, key);
                SealedClient somebodyElse = new SealedClient(rig, other)) {
            first.connect();
            first.send(first.offer(Order.delegate(first.thumbprint())));
            first.accept();
            again.connect();
            again.send(again.offer(Order.delegate(again.thumbprint())));
            assertThat(again.closed()).isEqualTo("4409 open-replayed");
            somebodyElse.connect();
            somebodyElse.send(somebodyElse.offer(Order.delegate(somebodyElse.thumbprint())));
            somebodyElse.accept();
        }
    }

    @Test
    void anOpenThatIsTooLargeIsRefusedByThatName() throws Exception {
        for (int length : List.of(32 * 1024 + 1, 100_000)) {
            try (SealedClient client = new SealedClient(rig)) {
                client.connect();
                client.send(new byte[length]);
                assertThat(client.closed()).isEqualTo("4429 too-large");
            }
        }
        assertThat(rig.audited(RequestRejected.class)).hasSize(2);
    }

    @Test
    void aMessageThatIsTooLargeEndsItsSession() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            client.send(new byte[32 * 1024 + 1]);
            assertThat(client.closed()).isEqualTo("4429 too-large");
        }
        Awaitility.await().until(() -> rig.sessions.open() == 0);
    }

    @Test
    void opensBeyondTheRateAreRefused() throws Exception {
        try (RelayRig slow = new RelayRig(redis, directory, RelayRig.admission(1, 2, 64));
                SealedClient first = SealedClient.open(slow);
                SealedClient second = new SealedClient(slow);
                SealedClient later = new SealedClient(slow)) {
            second.connect();
            second.send(second.offer(Order.delegate(second.thumbprint())));
            assertThat(second.closed()).isEqualTo("4429 limit");
            slow.elapse(Duration.ofSeconds(1));
            later.connect();
            later.send(later.offer(Order.delegate(later.thumbprint())));
            later.accept();
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void sessionsBeyondTheirNumberAreRefusedUntilOneEnds() throws Exception {
        try (RelayRig small = new RelayRig(redis, directory, RelayRig.admission(2));
                SealedClient first = SealedClient.open(small);
                SealedClient second = SealedClient.open(small);
                SealedClient third = new SealedClient(small)) {
            third.connect();
            third.send(third.offer(Order.delegate(third.thumbprint())));
            assertThat(third.closed()).isEqualTo("4429 limit");
            assertThat(second.askAndAnswer(Requests.chat(small.clock, "echo")).problem())
                    .isNull();
            for (byte[] frame : first.session().sealClose("done")) {
                first.send(frame);
            }
            assertThat(first.closed()).isEqualTo("1000 closed");
            Awaitility.await().until(() -> small.sessions.open() == 1);
            SealedClient.open(small).close();
        }
    }

    @Test
    void opensThatFindNoRoomToWaitInAreRefused() throws Exception {
        CountDownLatch judging = new CountDownLatch(1);
        List<SealedClient> clients = new ArrayList<>();
        try (RelayRig narrow = new RelayRig(redis, directory, RelayRig.admission(1000, 1, 1))) {
            narrow.mint.onFind(() -> {
                try {
                    judging.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            for (int i = 0; i < 3; i++) {
                SealedClient client = new SealedClient(narrow);
                clients.add(client);
                client.connect();
                client.send(client.offer(Order.delegate(client.thumbprint())));
            }
            Awaitility.await().until(() -> clients.stream().anyMatch(client -> !client.isOpen()));
            for (SealedClient client : clients) {
                if (!client.isOpen()) {
                    assertThat(client.closed()).isEqualTo("4429 limit");
                }
            }
            assertThat(clients.stream().filter(SealedClient::isOpen))
                    .as("one that is judged, and one that waits")
                    .hasSize(2);
        } finally {
            judging.countDown();
            clients.forEach(SealedClient::close);
        }
    }

    @Test
    void aProofOfAnotherKeyIsRefused() throws Exception {
        assertRefused(order -> Order.delegate("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"), "4401 open-rejected");
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() throws Exception {
        assertRefused(order -> order.withAudience("urn:postern:gateway"), "4401 open-rejected");
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        assertRefused(order -> order.withLife(Duration.ofSeconds(-30)), "4401 open-rejected");
    }

    @Test
    void aTokenWithoutScopeIsForbidden() throws Exception {
        assertRefused(order -> order.withScope("audit:read"), "4403 forbidden");
    }

    @Test
    void aStaleChallengeIsRefused() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            rig.clock.advance(Duration.ofMinutes(3));
            client.connect();
            client.send(open);
            assertThat(client.closed()).isEqualTo("4401 challenge");
        }
    }

    @Test
    void anUnknownKeyIsRefused() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            open[12] ^= 1;
            client.connect();
            client.send(open);
            assertThat(client.closed()).isEqualTo("4422 key-config");
        }
    }

    @Test
    void anAlteredOpenIsRefused() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            byte[] open = client.offer(Order.delegate(client.thumbprint()));
            open[open.length - 1] ^= 1;
            client.connect();
            client.send(open);
            assertThat(client.closed()).isEqualTo("4401 open-rejected");
        }
        assertThat(rig.audited(RequestRejected.class)).isNotEmpty();
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            client.connect();
            client.send(client.offer(Order.delegate(client.thumbprint()).withLife(Duration.ofSeconds(1))));
            client.accept();
            assertThat(client.closed()).isEqualTo("4410 session-unknown");
        }
        assertThat(rig.audited(SessionClosed.class))
                .singleElement()
                .satisfies(closed -> assertThat(closed.reason()).isEqualTo("expired"));
    }

    @Test
    void aSessionThatNeverSpeaksIsDropped() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            rig.clock.advance(Duration.ofSeconds(6));
            assertThat(client.closed()).isEqualTo("4410 session-unknown");
        }
    }

    @Test
    void anIdleSessionIsClosed() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            rig.clock.advance(Duration.ofSeconds(61));
            assertThat(client.closed()).isEqualTo("4410 session-unknown");
        }
    }

    @Test
    void anEpochIsGrantedAMinuteOr65536Frames() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            assertThat(client.session().terms().epoch()).isEqualTo(new EpochLimits(Duration.ofSeconds(60), 65_536));
        }
    }

    @Test
    void keysAreUpdatedWhileRequestsGoOn() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            rig.clock.advance(Duration.ofSeconds(59));
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            rig.clock.advance(Duration.ofSeconds(2));
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.session().epoch()).isPositive();
        }
    }

    @Test
    void withoutRedisLiveSessionsGoOnAndNewOnesAreRefused() throws Exception {
        RedisForTests own = RedisForTests.start();
        try (RelayRig other = new RelayRig(own, directory);
                SealedClient live = SealedClient.open(other);
                SealedClient late = new SealedClient(other)) {
            own.close();
            assertThat(live.askAndAnswer(Requests.chat(other.clock, "echo")).problem())
                    .isNull();
            late.connect();
            late.send(late.offer(Order.delegate(late.thumbprint())));
            assertThat(late.closed()).isEqualTo("4503 store-unavailable");
            assertThat(live.askAndAnswer(Requests.chat(other.clock, "echo")).problem())
                    .isNull();
        }
    }

    @Test
    void whenRedisHasForgottenASessionItGoesOnUnderNewKeys() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            assertThat(client.session().epoch()).isZero();
            rig.store().connection().orElseThrow().sync().flushall();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
            assertThat(client.session().epoch()).isEqualTo(1);
        }
        assertThat(rig.upstream.seen()).hasSize(3);
    }

    @Test
    void whenAnotherTakesItsFenceASessionIsOver() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            rig.store()
                    .connection()
                    .orElseThrow()
                    .sync()
                    .set("postern:ssp1:{" + client.session().id() + "}:fence", "another");
            client.ask(Requests.chat(rig.clock, "echo"));
            assertThat(client.closed()).isEqualTo("4410 session-unknown");
        }
        assertThat(rig.upstream.seen()).as("nothing took effect").hasSize(1);
    }

    @Test
    void aFrameThatAllReplicasKnowIsDroppedThoughItsOwnerHasNotSeenIt() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            String keys = "postern:ssp1:{" + client.session().id() + "}:";
            var commands = rig.store().connection().orElseThrow().sync();
            // As if the next number had been marked elsewhere.
            commands.setbit(keys + "window:0", 1, 1);
            commands.set(keys + "highest:0", "1");
            client.ask(Requests.chat(rig.clock, "echo"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(rig.audited(FrameRejected.class))
                            .singleElement()
                            .satisfies(event -> assertThat(event.reason()).isEqualTo("duplicate")));
            assertThat(client.isOpen()).isTrue();
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void withoutRedisForLongerThanConfiguredASessionIsOver() throws Exception {
        RedisForTests own = RedisForTests.start();
        try (RelayRig other = new RelayRig(own, directory, 64, 0, Duration.ZERO);
                SealedClient live = SealedClient.open(other)) {
            live.askAndAnswer(Requests.chat(other.clock, "echo"));
            own.close();
            live.ask(Requests.chat(other.clock, "echo"));
            assertThat(live.closed()).isEqualTo("4503 store-unavailable");
        }
    }

    @Test
    void aSessionOfAClientSpeaksForItselfOnly() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            rig.trust.apply(List.of(new PolicyPublished(
                    1, 0, "{\"rules\":[{\"id\":\"all\",\"effect\":\"allow\",\"when\":\"true\"}]}")));
            client.connect();
            client.send(client.offer(Order.application(client.thumbprint())));
            client.accept();
            assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                    .isNull();
        }
        assertThat(rig.audited(RequestServed.class)).singleElement().satisfies(served -> {
            assertThat(served.clientId()).isEqualTo("app");
            assertThat(served.tenant()).isEqualTo("postern");
        });
    }

    @Test
    void tooManyRequestsAtOnceAreRefused() throws Exception {
        try (RelayRig full = new RelayRig(redis, directory, 0);
                SealedClient client = SealedClient.open(full)) {
            var problem = client.askAndAnswer(Requests.chat(full.clock, "echo")).problem();
            assertThat(problem).isNotNull();
            assertThat(problem.code()).isEqualTo("overloaded");
            assertThat(problem.status()).isEqualTo(429);
        }
    }

    @Test
    void anotherWorkloadIsNotLetIn() {
        WorkloadIdentity stranger = rig.authority.identityOf(RelayRig.DOMAIN.idOf("audit-service"));
        try (stranger;
                SealedClient client = new SealedClient(rig, stranger)) {
            assertThatThrownBy(() -> client.get("/ssp1/key-config")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void onlyTheTwoRoutesExist() throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            assertThat(client.get("/ssp1/key-config").headers().firstValue("cache-control"))
                    .contains("no-store");
            assertThat(client.get("/v1/chat/completions").statusCode()).isEqualTo(404);
            assertThat(client.get("/ssp1").statusCode()).isEqualTo(426);
        }
    }

    @Test
    void shuttingDownClosesSessionsInGoodOrder() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            rig.server.stop();
            assertThat(client.closed()).isEqualTo("4410 session-unknown");
        }
        Awaitility.await().until(() -> !rig.audited(SessionClosed.class).isEmpty());
        assertThat(rig.audited(SessionClosed.class).getFirst().reason()).isEqualTo("shutdown");
    }

    /// Draws the same `jti` every time.
    private static final class SameEveryTime extends SecureRandom {
        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 7);
        }
    }

    private interface Change {
        Order of(Order order);
    }

    private void assertRefused(Change change, String close) throws Exception {
        try (SealedClient client = new SealedClient(rig)) {
            client.connect();
            client.send(client.offer(change.of(Order.delegate(client.thumbprint()))));
            assertThat(client.closed()).isEqualTo(close);
        }
        assertThat(rig.audited(SessionOpened.class)).isEmpty();
    }
}
