package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.sealed.RelayConnection;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenRequest;
import dev.postern.system.SystemPlatform.Running;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is taken back ends within a second, whatever it is: streams at the gateway, sealed sessions at the relay.
@Order(16)
@ExtendWith(SystemPlatform.class)
class RevocationTest {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LONG = "on and on ".repeat(120);

    private Running platform;
    private AdminClient admin;
    private TemporaryClient client;

    @BeforeEach
    void register(Running running) throws Exception {
        platform = running;
        admin = running.admin();
        // A name and a tenant of its own: what was revoked of another test's would concern tokens of the same second.
        String name = "revocable-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        client = TemporaryClient.register(admin, ClientDocument.application(name, name), new SecureRandom());
    }

    @AfterEach
    void remove() throws Exception {
        client.remove();
        admin.close();
    }

    @ParameterizedTest
    @CsvSource({"token,jti", "session,sid", "client,client_id", "subject,sub", "tenant,tenant"})
    void streamWhenItsTokenIsRevokedInAnyWayThenEndsWithinASecond(String kind, String claim) throws Exception {
        String token = token(TokenRequest.GATEWAY);
        admin.prepare("POST", "/revocations");
        try (LiveStream stream = stream(token)) {
            long asked = System.nanoTime();

            revoke(kind, claim(token, claim));

            assertEnds(stream, asked);
        }
        assertRefused(token);
    }

    @Test
    void streamWhenItsClientIsDisabledThenEndsAndTheClientGetsNoTokens() throws Exception {
        try (LiveStream stream = stream(token(TokenRequest.GATEWAY))) {
            admin.prepare("PUT", "/clients");
            long asked = System.nanoTime();

            admin.change("/clients/" + client.name(), document -> document.put("status", "disabled"));

            assertEnds(stream, asked);
        }
        // For a moment a replica may still issue by what it remembers; such a token is revoked before it exists.
        Edge.await("the client gets no tokens", () -> {
            try {
                assertRefused(token(TokenRequest.GATEWAY));
                return false;
            } catch (Failure refused) {
                return String.valueOf(refused.getMessage()).contains("invalid_client");
            }
        });
    }

    @Test
    void sessionWhenKilledThenWasListedBeforeAndEnds() throws Exception {
        String token = token(TokenRequest.GATEWAY);
        try (LiveStream stream = stream(token)) {
            Edge.await("the stream is among the live sessions", () -> listed(claim(token, "sid")));
            admin.prepare("DELETE", "/sessions");
            long asked = System.nanoTime();

            admin.end("/sessions/" + claim(token, "sid"));

            assertEnds(stream, asked);
        }
    }

    @Test
    void sealedSessionWhenRevokedThenIsClosedWithinASecond() throws Exception {
        SealedClient sealed = new SealedClient(platform, client);
        admin.prepare("POST", "/revocations");
        try (RelayConnection relay = sealed.open()) {
            RelayConnection.Sealed request =
                    relay.seal("/v1/chat/completions", SealedClient.streamedChat(ChatRequests.SLOW, LONG));
            request.frames().forEach(relay::send);
            long asked = System.nanoTime();

            revoke("session", claim(sealed.token(), "sid"));

            assertThatThrownBy(() -> relay.answer(request, PATIENCE))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("closed");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(PROMISED);
        }
        assertThatThrownBy(sealed::openAgain).isInstanceOf(Failure.class);
    }

    private LiveStream stream(String token) throws InterruptedException {
        LiveStream stream = LiveStream.open(
                platform.anyone().client(),
                ChatRequests.bearing(token, platform.chat().streamed(ChatRequests.SLOW, LONG)));
        assertThat(stream.awaitAlive(PATIENCE)).isTrue();
        return stream;
    }

    private String token(String audience) throws InterruptedException {
        return platform.token(client.request("llm:invoke", audience));
    }

    private void revoke(String kind, String value) throws InterruptedException {
        ObjectNode revocation = Edge.JSON
                .createObjectNode()
                .put("kind", kind)
                .put("value", value)
                .put("reason", "test");
        assertThat(admin.post("/revocations", revocation).body().path("on_feed").asBoolean())
                .isTrue();
    }

    private boolean listed(String session) throws InterruptedException {
        for (JsonNode live : admin.list("/sessions?client=" + client.name())) {
            if (live.path("sid").asString("").equals(session)) {
                return true;
            }
        }
        return false;
    }

    private void assertRefused(String token) throws InterruptedException {
        assertThat(platform.anyone()
                        .send(ChatRequests.bearing(token, platform.chat().models()))
                        .statusCode())
                .isEqualTo(401);
    }

    private static void assertEnds(LiveStream stream, long asked) throws InterruptedException {
        assertThat(stream.awaitEnd(PATIENCE)).isTrue();
        assertThat(stream.complete()).isFalse();
        assertThat(Duration.ofNanos(stream.endNanos() - asked)).isLessThan(PROMISED);
    }

    private static String claim(String token, String name) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
            return String.valueOf(claims.getClaim(name));
        } catch (ParseException e) {
            throw new AssertionError("the token is not a signed JWT", e);
        }
    }
}
