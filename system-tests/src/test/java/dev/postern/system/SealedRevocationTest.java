package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import dev.postern.system.SystemPlatform.Running;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Sealed sessions of an application, through the gateway: what is taken back at either end is over within a second,
/// and so is everything when nobody can be heard who could take something back.
@Order(37)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class SealedRevocationTest {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final int SESSIONS = 50;
    private static final int EACH = 5;
    private static final String LONG = "on and on ".repeat(400);

    private Running platform;
    private AdminClient admin;
    private TemporaryClient client;
    private TokenClient tokens;

    private record Session(LiveSealedStream stream, RecordedTokens tokens) {}

    @BeforeEach
    void register(Running running) throws Exception {
        platform = running;
        new Edge(running).awaitServed(running.token(), "healthy");
        admin = running.admin();
        tokens = running.tokens();
        String name = "sealed-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        client = TemporaryClient.register(admin, ClientDocument.application(name, name), new SecureRandom());
    }

    @AfterEach
    void remove() throws Exception {
        client.remove();
        tokens.close();
        admin.close();
    }

    @Test
    void sessionsWhenTheirClientIsRevokedThenTheLastByteOfEachComesWithinASecond() throws Exception {
        List<Session> sessions = open(SESSIONS);
        try {
            admin.prepare("POST", "/revocations");
            long asked = System.nanoTime();

            revoke("client", client.name());

            List<Duration> took = new ArrayList<>();
            for (Session session : sessions) {
                took.add(requireForbidden(session, asked));
            }
            assertPromised("client", took);
        } finally {
            close(sessions);
        }
    }

    @Test
    void sessionWhenATokenOrASessionOfEitherEndIsRevokedThenTheLastByteComesWithinASecond() throws Exception {
        List<Session> sessions = open(4 * EACH);
        try {
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < sessions.size(); i++) {
                Session session = sessions.get(i);
                String kind = i % 2 == 0 ? "token" : "session";
                String claim = i % 2 == 0 ? "jti" : "sid";
                String value = i % 4 < 2
                        ? session.tokens().gatewayClaim(claim)
                        : session.tokens().relayClaim(claim);
                admin.prepare("POST", "/revocations");
                long asked = System.nanoTime();

                revoke(kind, value);

                took.add(requireForbidden(session, asked));
            }
            assertPromised("jti, sid", took);
        } finally {
            close(sessions);
        }
    }

    @Test
    void sessionsWhenTheirSubjectIsRevokedThenTheLastByteOfEachComesWithinASecond() throws Exception {
        List<Session> sessions = open(EACH);
        try {
            String subject = sessions.getFirst().tokens().relayClaim("sub");
            assertThat(sessions)
                    .allSatisfy(session ->
                            assertThat(session.tokens().relayClaim("sub")).isEqualTo(subject));
            admin.prepare("POST", "/revocations");
            long asked = System.nanoTime();

            revoke("subject", subject);

            List<Duration> took = new ArrayList<>();
            for (Session session : sessions) {
                took.add(requireForbidden(session, asked));
            }
            assertPromised("subject", took);
        } finally {
            close(sessions);
        }
    }

    @Test
    void sessionsWhenNobodyCanTakeThemBackThenNothingComesAfterASecond() throws Exception {
        List<Session> sessions = open(EACH);
        try {
            platform.platform().process("redis").kill();
            platform.platform().process(PlatformService.TOKEN.artifact()).kill();
            long cut = System.nanoTime();
            try {
                Edge.await("some time has passed", () -> System.nanoTime() - cut > WATCHED.toNanos());
                long last = sessions.stream()
                        .flatMap(session -> session.stream().arrivals().stream())
                        .mapToLong(arrival -> arrival - cut)
                        .max()
                        .orElseThrow();
                System.err.printf(
                        "last byte %d ms after the feed was cut off%n",
                        Duration.ofNanos(last).toMillis());
                // They were alive when it happened.
                assertThat(Duration.ofNanos(last)).isPositive().isLessThan(PROMISED);
            } finally {
                platform.platform().stopRedis();
                platform.platform().startRedis();
                platform.platform().stop(PlatformService.TOKEN);
                platform.platform().start(PlatformService.TOKEN);
                awaitService();
            }
        } finally {
            close(sessions);
        }
    }

    private List<Session> open(int count) throws InterruptedException {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecordedTokens source = new RecordedTokens(client, tokens);
            PosternClient sdk = PosternClient.builder(platform.gateway("/"), Clock.systemUTC(), new SecureRandom())
                    .tls(PemIdentity.trusting(platform.home().caCertificate()))
                    .anchors(PemIdentity.certificates(platform.home().caCertificate()))
                    .client(client.name(), client.name())
                    .tokens(source)
                    .build();
            Request request = Request.of(Request.CHAT, SealedClient.streamedChat(ChatRequests.SLOW, LONG))
                    .within(Duration.ofMinutes(2));
            sessions.add(new Session(LiveSealedStream.open(sdk, request), source));
            // One after the other: the tokens of each are known, and the relay's rate of openings is not in the way.
            assertThat(sessions.getLast().stream().awaitAlive(PATIENCE)).isTrue();
        }
        return sessions;
    }

    private static void close(List<Session> sessions) {
        sessions.forEach(session -> session.stream().close());
    }

    private static Duration requireForbidden(Session session, long asked) throws InterruptedException {
        LiveSealedStream.End end = session.stream().awaitEnd(PATIENCE);
        assertThat(end.why()).containsInstanceOf(PosternFailure.Forbidden.class);
        return Duration.ofNanos(end.nanoTime() - asked);
    }

    /// The 99th percentile of up to a hundred is the longest.
    private static void assertPromised(String kind, List<Duration> took) {
        List<Duration> sorted = took.stream().sorted().toList();
        System.err.printf(
                "revoked by %s: %d sessions ended after %d ms at the median, %d ms at the most%n",
                kind,
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.getLast().toMillis());
        assertThat(Collections.max(took)).isLessThan(PROMISED);
    }

    private void revoke(String kind, String value) throws InterruptedException {
        var _ = admin.post(
                "/revocations",
                Edge.JSON
                        .createObjectNode()
                        .put("kind", kind)
                        .put("value", value)
                        .put("reason", "test"));
    }

    /// Assertions are single use, so that tokens want Redis as well.
    private void awaitService() throws InterruptedException {
        Edge.await("tokens are issued and served", () -> {
            try {
                return platform.anyone()
                                .send(ChatRequests.bearing(
                                        platform.token(), platform.chat().models()))
                                .statusCode()
                        == 200;
            } catch (Failure _) {
                return false;
            }
        });
    }
}
