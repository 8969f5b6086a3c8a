package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.keys.DrillReport;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.sealed.PublishedRelay;
import dev.postern.cli.sealed.RelayAccess;
import dev.postern.cli.sealed.RelayConnection;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import dev.postern.system.SystemPlatform.Running;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Drills of the keys that the demonstration does not drill: what the key made is worth nothing afterwards, whoever
/// used it goes on under the spare, and the report is complete in time.
@Order(12)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
@SuppressWarnings("NullAway.Init")
class KeyDrillTest {
    private static final Duration AIM = Duration.ofSeconds(10);
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LONG = "on and on ".repeat(400);
    private static final String REDACTION = PlatformService.REDACTION.artifact();

    private Running platform;
    private Edge edge;
    private KeyLedger ledger;

    @BeforeEach
    void prepare(Running running) throws Exception {
        platform = running;
        edge = new Edge(running);
        ledger = new KeyLedger(running.operator(), running.endpoint(PlatformService.ROTATION, "/"));
        Edge.await("no process left a moment ago, and every class has its spare", () -> settled(ledger.list()));
    }

    @Test
    void relayKeysWhenDrilledThenTheirSessionsEndTheyOpenNothingAndTheSdkGoesOn() throws Exception {
        String name = "drill-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        try (AdminClient admin = platform.admin();
                TokenClient tokens = platform.tokens()) {
            TemporaryClient client =
                    TemporaryClient.register(admin, ClientDocument.application(name, name), new SecureRandom());
            try (PosternClient sdk = sdk(client, tokens)) {
                assertThat(ask(sdk, "before the drill")).contains("before the drill");
                SealedClient straight = new SealedClient(platform, client);
                RelayAccess access = straight.access();
                PublishedRelay old = RelayConnection.published(access);
                try (RelayConnection relay = RelayConnection.open(access, old, new SecureRandom())) {
                    RelayConnection.Sealed request =
                            relay.seal("/v1/chat/completions", SealedClient.streamedChat(ChatRequests.SLOW, LONG));
                    request.frames().forEach(relay::send);

                    DrillReport report = drill("relay-hpke");

                    assertThatThrownBy(() -> relay.answer(request, PATIENCE))
                            .isInstanceOf(Failure.class)
                            .hasMessageContaining("key-compromised");
                    // The SDK's session and this one, at the least.
                    assertThat(report.incident().path("sessions_ended").asInt()).isGreaterThanOrEqualTo(2);
                }
                assertThat(RelayConnection.published(access).keyId()).isNotEqualTo(old.keyId());
                assertThatThrownBy(() -> RelayConnection.open(access, old, new SecureRandom()))
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("key-config");
                straight.openAgain();
                assertThat(ask(sdk, "after the drill")).contains("after the drill");
            } finally {
                client.remove();
            }
        }
        assertThat(edge.chat(platform.token(), Canary.prompt("relay drilled")).statusCode())
                .isEqualTo(200);
        requireDrillWaits("relay-hpke");
    }

    @Test
    void pseudonymRootWhenDrilledThenConversationsBeginAnewUnderTheSpare() throws Exception {
        String token = platform.token();
        String before = pseudonymised(token, "first");
        assertThat(pseudonymised(token, "second"))
                .as("the conversation goes on")
                .isEqualTo(before);

        DrillReport report = drill("pseudonym");

        assertThat(report.incident().path("sessions_ended").asInt()).isPositive();
        assertThat(pseudonymised(token, "third"))
                .as("nothing of the old root is left")
                .isNotEqualTo(before);
        requireDrillWaits("pseudonym");
    }

    @Test
    void auditEpochWhenDrilledThenEventsOfBeforeAndAfterAreReadAndTheLogIsWhole() throws Exception {
        AuditLog log = new AuditLog(platform);
        String before = platform.token();
        assertThat(edge.chat(before, Canary.prompt("before the epoch")).statusCode())
                .isEqualTo(200);

        var _ = drill("audit-epoch");

        String after = platform.token();
        assertThat(edge.chat(after, Canary.prompt("after the epoch")).statusCode())
                .isEqualTo(200);
        List<String> tokens = List.of(AuditLog.tokenId(before), AuditLog.tokenId(after));
        Edge.await("both requests are in the log", () -> log.servedTokenIds().containsAll(tokens));
        log.verify();
        requireDrillWaits("audit-epoch");
    }

    @Test
    void certificateWhenDrilledThenItsSpareIsShownToEverybodyAndNoRequestFails() throws Exception {
        URI identity = platform.settings()
                .ports()
                .managementEndpoint(PlatformService.REDACTION)
                .resolve("/actuator/identity");
        String denied = serial(identity);
        int denials = denials(PlatformService.RELAY);

        DrillReport report = ledger.drillCertificate(identity, BOUND);

        assertComplete("service-cert", report);
        assertThat(kids(report, "kids")).containsExactly(denied);
        assertThat(serial(identity)).isNotEqualTo(denied);
        // Who speaks to it has the denial, and has met the spare.
        Edge.await("the relay denies the certificate", () -> denials(PlatformService.RELAY) > denials);
        Edge.await(
                "the relay has seen the new one", () -> shownToRelay(REDACTION).equals(serial(identity)));
        assertThat(edge.chat(platform.token(), Canary.prompt("certificate drilled"))
                        .statusCode())
                .isEqualTo(200);
        requireDrillWaits("service-cert");
    }

    @Test
    void drillWhenTheCallerIsNoOperatorThenIsRefused() throws Exception {
        Set<String> before = ledger.kids("relay-hpke", "ACTIVE");
        HttpResponse<String> nobody = platform.anyone().send(call("relay-hpke"));

        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(ledger.kids("relay-hpke", "ACTIVE")).isEqualTo(before).hasSize(1);
    }

    private DrillReport drill(String keyClass) throws InterruptedException {
        List<String> active = List.copyOf(ledger.kids(keyClass, "ACTIVE"));
        DrillReport report = ledger.drill(keyClass, Optional.empty(), BOUND);
        assertComplete(keyClass, report);
        assertThat(kids(report, "kids")).containsExactlyElementsOf(active);
        assertThat(ledger.kids(keyClass, "COMPROMISED")).containsAll(active);
        assertThat(ledger.kids(keyClass, "ACTIVE")).containsExactlyElementsOf(kids(report, "activated"));
        return report;
    }

    private static void assertComplete(String keyClass, DrillReport report) {
        assertThat(report.complete()).as(report.document().toString()).isTrue();
        assertThat(report.steps())
                .extracting(DrillReport.Step::phase)
                .contains("called", "denied", "published", "acknowledged", "prepared");
        if (!keyClass.equals("service-cert")) {
            // A certificate's owner counts nothing, and its spare is no key of the ledger before it is shown.
            assertThat(report.steps()).extracting(DrillReport.Step::phase).contains("activated", "ended");
        }
        assertThat(report.lastAcknowledgement().orElse(BOUND)).isLessThan(AIM);
        assertThat(report.steps().getLast().after()).isLessThan(BOUND);
    }

    /// Each of the same class within a minute.
    private void requireDrillWaits(String keyClass) throws InterruptedException {
        HttpResponse<String> again = platform.operator().send(call(keyClass));

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(Edge.JSON.readTree(again.body()).path("code").asString("")).isEqualTo("drill-waits");
    }

    private HttpRequest.Builder call(String keyClass) throws InterruptedException {
        String kid = keyClass.equals("service-cert")
                ? ",\"kid\":\"" + ledger.kids(keyClass, "ACTIVE").iterator().next() + "\""
                : "";
        return PlatformHttp.request(platform.endpoint(PlatformService.ROTATION, "/v1/keys/" + keyClass + "/compromise"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"mode\":\"drill\"" + kid + "}"));
    }

    /// What the model was sent of a prompt with personal data, in one conversation.
    private String pseudonymised(String token, String turn) throws InterruptedException {
        String marker = "pseudonym drill " + turn;
        HttpResponse<String> answer = platform.anyone()
                .send(edge.chatRequest(
                                "/v1/chat/completions",
                                token,
                                Edge.chatBody("simulator-small", Canary.prompt(marker), "false"))
                        .header("Postern-Conversation", "pseudonym-drill"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(Canary.EMAIL);
        for (JsonNode body : platform.anyone().json(platform.simulator("/_seen"))) {
            String text = body.path("messages").path(0).path("content").asString("");
            if (text.contains(marker)) {
                return text.replace(marker, "");
            }
        }
        throw new AssertionError("the model was not asked");
    }

    private PosternClient sdk(TemporaryClient client, TokenClient tokens) {
        return PosternClient.builder(platform.gateway("/"), Clock.systemUTC(), new SecureRandom())
                .tls(PemIdentity.trusting(platform.home().caCertificate()))
                .anchors(PemIdentity.certificates(platform.home().caCertificate()))
                .client(client.name(), client.name())
                .tokens(new RecordedTokens(client, tokens))
                .build();
    }

    private static String ask(PosternClient sdk, String text) throws PosternFailure, InterruptedException {
        return sdk.ask(Request.of(Request.CHAT, Edge.JSON.readTree(Edge.chatBody(ChatRequests.SMALL, text, "false"))))
                .text();
    }

    private String serial(URI identity) throws InterruptedException {
        return platform.operator().json(identity).path("serial").asString("");
    }

    private String shownToRelay(String service) throws InterruptedException {
        return identityOf(PlatformService.RELAY)
                .path("peers")
                .path("spiffe://postern.local/service/" + service)
                .path("serial")
                .asString("");
    }

    private int denials(PlatformService service) throws InterruptedException {
        return identityOf(service).path("denied").asInt();
    }

    private JsonNode identityOf(PlatformService service) throws InterruptedException {
        return platform.operator()
                .json(platform.settings().ports().managementEndpoint(service).resolve("/actuator/identity"));
    }

    private static List<String> kids(DrillReport report, String member) {
        return report.incident()
                .path(member)
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    /// A process that has ended counts as alive for a moment, and a drill would wait for it.
    private boolean settled(JsonNode listing) throws InterruptedException {
        Instant now = Instant.now();
        boolean quiet = listing.path("followers")
                .valueStream()
                .map(follower ->
                        Duration.between(Instant.parse(follower.path("seen_at").asString("")), now))
                .noneMatch(silence ->
                        silence.compareTo(Duration.ofSeconds(2)) > 0 && silence.compareTo(Duration.ofSeconds(6)) < 0);
        return quiet
                && !ledger.kids("relay-hpke", "PREPARED").isEmpty()
                && !ledger.kids("pseudonym", "PREPARED").isEmpty();
    }
}
