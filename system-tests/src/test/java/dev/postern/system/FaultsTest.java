package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Failure;
import dev.postern.system.SystemPlatform.Running;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What happens when something behind the edge is down, slow or broken, or when the caller leaves.
@Order(30)
@ExtendWith(SystemPlatform.class)
class FaultsTest {
    private Running platform;
    private Edge edge;

    /// The fault before may have opened the circuit breaker, which closes again by itself.
    @BeforeEach
    void healthyEdge(Running running) throws Exception {
        platform = running;
        edge = new Edge(running);
        edge.awaitServed(platform.token(), "healthy");
    }

    @AfterEach
    void noFaults() throws Exception {
        edge.noFaults();
    }

    @Test
    void redactionWhenDownThen503AndNothingReachesTheModel() throws Exception {
        String token = platform.token();
        platform.platform().stop(PlatformService.REDACTION);
        try {
            assertError(edge.chat(token, Canary.prompt("redaction down")), 503);
            assertError(edge.streamedChat(token, Canary.prompt("redaction down")), 503);
        } finally {
            platform.platform().start(PlatformService.REDACTION);
        }
        assertThat(edge.seen("redaction down:")).isZero();
        edge.awaitServed(token, "redaction back");
    }

    @Test
    void upstreamWhenDownThen502() throws Exception {
        String token = platform.token();
        platform.platform().stopSimulator();
        try {
            assertError(edge.chat(token, Canary.prompt("upstream down")), 502);
        } finally {
            platform.platform().startSimulator();
        }
        edge.awaitServed(token, "upstream back");
    }

    @Test
    void upstreamWhenItFailsThen502() throws Exception {
        edge.faults("{\"status\":500,\"remaining\":1}");

        assertError(edge.chat(platform.token(), Canary.prompt("upstream fails")), 502);
    }

    @Test
    void upstreamWhenItBreaksOffThen502() throws Exception {
        edge.faults("{\"cut_after\":0,\"remaining\":1}");

        assertError(edge.chat(platform.token(), Canary.prompt("upstream breaks")), 502);
    }

    @Test
    void upstreamWhenSlowThen504() throws Exception {
        edge.faults("{\"first_byte_delay_ms\":15000,\"remaining\":1}");

        assertError(edge.chat(platform.token(), Canary.prompt("upstream slow")), 504);
    }

    @Test
    void streamWhenUpstreamBreaksOffThenNeverLooksComplete() throws Exception {
        edge.faults("{\"cut_after\":8,\"remaining\":1}");

        String body;
        try {
            body = edge.streamedChat(platform.token(), Canary.prompt("stream breaks"))
                    .body();
        } catch (Failure _) {
            return; // the connection broke, which no client takes for a complete answer
        }
        assertThat(body).doesNotContain("[DONE]").contains("\"error\"");
    }

    @Test
    void upstreamCallWhenTheClientLeavesThenIsCancelled() throws Exception {
        long before = traffic("/abandoned");
        edge.faults("{\"piece_delay_ms\":500,\"remaining\":1}");
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(PemIdentity.trusting(platform.home().caCertificate()))
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            HttpResponse<InputStream> answer = client.send(
                    edge.chatRequest(
                                    "/v1/chat/completions",
                                    platform.token(),
                                    Edge.chatBody("simulator-small", Canary.prompt("leaving"), "true"))
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body().read()).isPositive();
            answer.body().close();
        }

        Edge.await("the simulator notices that nobody listens", () -> traffic("/abandoned") > before);
    }

    @Test
    void auditWhenDownThenServedAndNothingIsLost() throws Exception {
        AuditLog audit = new AuditLog(platform);
        platform.platform().stop(PlatformService.AUDIT);
        List<String> issued;
        try {
            String first = platform.token();
            String second = platform.token();
            issued = List.of(AuditLog.tokenId(first), AuditLog.tokenId(second));
            assertThat(edge.chat(first, Canary.prompt("audit down")).statusCode())
                    .isEqualTo(200);
            assertThat(edge.streamedChat(second, Canary.prompt("audit down")).statusCode())
                    .isEqualTo(200);
        } finally {
            platform.platform().start(PlatformService.AUDIT);
        }
        Edge.await("both tokens are in the log", () -> audit.issuedTokenIds().containsAll(issued));
        Edge.await("both requests are in the log", () -> audit.servedTokenIds().containsAll(issued));
        audit.verify();
    }

    private long traffic(String counter) throws InterruptedException {
        return platform.anyone()
                .json(platform.simulator("/_traffic"))
                .at(counter)
                .asLong();
    }

    private static void assertError(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode error = Edge.JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asString("")).isNotEmpty();
        assertThat(answer.body()).doesNotContain(Canary.EMAIL, Canary.WORDS, "Exception");
    }
}
