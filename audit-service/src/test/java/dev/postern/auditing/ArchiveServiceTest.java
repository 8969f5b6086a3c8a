package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.archive.Capture;
import dev.postern.archive.CaptureName;
import dev.postern.archive.CustodianKey;
import dev.postern.archive.CustodianRegister;
import dev.postern.archive.Custodians;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningDecision.Kind;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.audit.BodyCaptured;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.sequence.Events;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Captured bodies over real TLS: one person asks, two others decide.
@Timeout(120)
final class ArchiveServiceTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PRODUCER = "inference-relay";
    private static final CustodianKey ANNA = CustodianKey.generate("anna", RANDOM);
    private static final CustodianKey ANNA_BEFORE = CustodianKey.generate("anna", RANDOM);
    private static final CustodianKey BEN = CustodianKey.generate("ben", RANDOM);
    private static final CustodianKey CLEO = CustodianKey.generate("cleo", RANDOM);

    @TempDir
    static Path home;

    private static RunningService service;
    private static Caller caller;
    private static Caller operator;
    private static Caller producer;
    private static long number;

    @BeforeAll
    static void start() throws Exception {
        service = running();
        caller = service.withoutCertificate();
        operator = service.caller(service.operator());
        producer = service.caller(service.identity(PRODUCER));
    }

    private static RunningService running() throws Exception {
        Path custodians = home.resolve("custodians");
        List<String> lines = new ArrayList<>(
                custodians().all().stream().map(one -> one.line()).toList());
        lines.addFirst(ANNA_BEFORE.custodian().line());
        lines.addFirst("# anna's key was replaced");
        Files.write(custodians, lines);
        return RunningService.start(home, List.of("--postern.audit.archive.custodians=" + custodians));
    }

    private static Custodians custodians() {
        return new Custodians(List.of(ANNA.custodian(), BEN.custodian(), CLEO.custodian()));
    }

    @AfterAll
    static void stop() {
        caller.close();
        operator.close();
        producer.close();
        service.close();
    }

    /// A body in the log.
    ///
    /// @param events JSON that names its parts
    @SuppressWarnings("ArrayRecordComponent") // compared by content
    private record Logged(CaptureName name, byte[] body, List<Map<String, String>> events) {}

    private static Logged capture(int octets) throws Exception {
        return capture(octets, custodians());
    }

    private static Logged capture(int octets, Custodians custodians) throws Exception {
        byte[] body = new byte[octets];
        new Random(octets).nextBytes(body);
        CaptureName name = new CaptureName("c-" + RANDOM.nextLong(), "r-1", "demo", "acme", CaptureName.REQUEST);
        Capture capture = new Capture(name, SealedBody.seal(body, custodians, name.label(), RANDOM));
        List<Map<String, String>> events = new ArrayList<>();
        for (BodyCaptured part : capture.events()) {
            EventEnvelope event = envelope(part);
            String batch = "[" + new String(event.bytes(), StandardCharsets.UTF_8) + "]";
            assertThat(producer.post(batch).statusCode()).isEqualTo(200);
            events.add(Map.of("source", event.source(), "id", event.id()));
        }
        return new Logged(name, body, events);
    }

    private static EventEnvelope envelope(BodyCaptured part) {
        number++;
        return new EventEnvelope(
                Events.source(PRODUCER),
                "fedcba9876543210",
                "fedcba9876543210.00000000." + number,
                number,
                part.type(),
                Instant.now(),
                Map.of(
                        "capture_id", part.captureId(),
                        "request_id", part.requestId(),
                        "client_id", part.clientId(),
                        "tenant", part.tenant(),
                        "kind", part.kind(),
                        "part", part.part(),
                        "parts", part.parts(),
                        "digest", part.digest(),
                        "sealed", part.sealed().text()));
    }

    private static String token(String subject) throws Exception {
        return service.token("console", subject, "audit:read");
    }

    private static HttpResponse<String> ask(String subject, RecipientKey recipient, List<?> events) throws Exception {
        return caller.postAs(
                token(subject),
                "/v1/openings",
                JSON.writeValueAsString(Map.of(
                        "events",
                        events,
                        "reason",
                        "incident 7",
                        "recipient",
                        recipient.publicKey().encoded())));
    }

    private static JsonNode asked(String subject, RecipientKey recipient, Logged... captures) throws Exception {
        List<Map<String, String>> events = new ArrayList<>();
        for (Logged capture : captures) {
            events.addAll(capture.events());
        }
        return expect(202, ask(subject, recipient, events));
    }

    private static JsonNode expect(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private static void expectProblem(int status, String code, HttpResponse<String> answer) {
        assertThat(expect(status, answer).path("code").asString()).isEqualTo(code);
    }

    /// What a custodian's tool does: looks at the request, computes its digest, unseals and seals the shares, signs.
    private static ObjectNode decision(String id, CustodianKey key, Kind kind) throws Exception {
        JsonNode shown = expect(
                200, caller.get("/v1/openings/" + id, token(key.custodian().name())));
        List<OpeningRequest.Entry> entries = new ArrayList<>();
        shown.path("events")
                .forEach(event -> entries.add(new OpeningRequest.Entry(
                        event.path("source").asString(),
                        event.path("id").asString(),
                        event.path("leaf").asString())));
        List<OpeningRequest.Body> bodies = new ArrayList<>();
        shown.path("captures")
                .forEach(capture -> bodies.add(OpeningRequest.Body.of(
                        name(capture), octets(capture.path("portions").path(0).path("body")))));
        String digest = new OpeningRequest(
                        shown.path("opening").path("requester").asString(),
                        shown.path("opening").path("reason").asString(),
                        shown.path("recipient").asString(),
                        entries,
                        bodies)
                .digest();
        assertThat(digest).isEqualTo(shown.path("opening").path("digest").asString());
        ObjectNode decision = JSON.createObjectNode()
                .put("custodian", key.custodian().name())
                .put("kind", kind == Kind.APPROVED ? "approved" : "refused")
                .put("signature", base64(key.sign(new OpeningDecision(id, kind, digest))));
        ArrayNode shares = decision.putArray("shares");
        if (kind == Kind.APPROVED) {
            RecipientPublicKey recipient =
                    RecipientPublicKey.parse(shown.path("recipient").asString()).orElseThrow();
            for (JsonNode capture : shown.path("captures")) {
                shares.addObject()
                        .put("capture", capture.path("capture_id").asString())
                        .put("sealed", base64(share(key, capture).sealTo(recipient, OpeningRequest.context(digest))));
            }
        }
        return decision;
    }

    private static CaptureName name(JsonNode capture) {
        return new CaptureName(
                capture.path("capture_id").asString(),
                capture.path("request_id").asString(),
                capture.path("client_id").asString(),
                capture.path("tenant").asString(),
                capture.path("kind").asString());
    }

    private static Share share(CustodianKey key, JsonNode capture) throws Exception {
        for (JsonNode portion : capture.path("portions")) {
            if (portion.path("custodian").asString().equals(key.custodian().name())) {
                return key.share(
                        new SealedBody.Portion(
                                octets(portion.path("body")),
                                key.custodian().name(),
                                portion.path("x").asInt(),
                                octets(portion.path("sealed"))),
                        name(capture).label());
            }
        }
        throw new AssertionError("no portion of " + key.custodian().name());
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] octets(JsonNode base64) {
        return Base64.getUrlDecoder().decode(base64.asString());
    }

    private static HttpResponse<String> decide(String id, String subject, ObjectNode decision) throws Exception {
        return caller.postAs(token(subject), "/v1/openings/" + id + "/decisions", decision.toString());
    }

    private static HttpResponse<String> approve(String id, CustodianKey key) throws Exception {
        return decide(id, key.custodian().name(), decision(id, key, Kind.APPROVED));
    }

    private static HttpResponse<String> release(String id, String subject) throws Exception {
        return caller.postAs(token(subject), "/v1/openings/" + id + "/release", "");
    }

    private static byte[] opened(RecipientKey key, String digest, JsonNode capture, Logged logged) throws Exception {
        List<Share> shares = new ArrayList<>();
        for (JsonNode share : capture.path("shares")) {
            shares.add(Share.open(
                    key, share.path("x").asInt(), octets(share.path("sealed")), OpeningRequest.context(digest)));
        }
        return SealedBody.parse(octets(capture.path("sealed")))
                .orElseThrow()
                .open(shares.getFirst(), shares.getLast(), logged.name().label());
    }

    @Test
    void openWhenTwoCustodiansApproveThenTheRequesterReadsTheBodiesAndAllIsOnRecord() throws Exception {
        Logged one = capture(100_000);
        Logged other = capture(20);
        try (RecipientKey recipient = RecipientKey.generate()) {
            JsonNode asked = asked("eve", recipient, one, other);
            String id = asked.path("id").asString();
            String digest = asked.path("digest").asString();
            assertThat(asked.path("state").asString()).isEqualTo("waiting");
            expectProblem(409, "not-approved", release(id, "eve"));
            assertThat(expect(200, approve(id, ANNA)).path("state").asString()).isEqualTo("waiting");
            expectProblem(409, "already-decided", approve(id, ANNA));
            expectProblem(409, "not-approved", release(id, "eve"));
            assertThat(expect(200, approve(id, CLEO)).path("state").asString()).isEqualTo("approved");
            expectProblem(403, "not-the-requester", release(id, "anna"));

            JsonNode released = expect(200, release(id, "eve"));
            assertThat(released.path("captures")).hasSize(2);
            assertThat(opened(recipient, digest, released.path("captures").path(0), one))
                    .isEqualTo(one.body());
            assertThat(opened(recipient, digest, released.path("captures").path(1), other))
                    .isEqualTo(other.body());

            JsonNode record = recorded("archive.opened", "opening_id", id, 1).getFirst();
            assertThat(record.path("digest").asString()).isEqualTo(digest);
            assertThat(record.path("requester").asString()).isEqualTo("console/eve");
            assertThat(record.path("approvers").toString()).isEqualTo("[\"anna\",\"cleo\"]");
            assertThat(record.path("count").asInt()).isEqualTo(2);
            assertThat(record.path("recipient").asString())
                    .isEqualTo(recipient.publicKey().name());
            assertThat(record.path("capture_ids").toString())
                    .contains(one.name().captureId(), other.name().captureId());
            JsonNode requested =
                    recorded("approval.requested", "approval_id", id, 1).getFirst();
            assertThat(requested.path("resource_id").asString()).isEqualTo(digest);
            assertThat(requested.path("reason").asString()).isEqualTo("incident 7");
            assertThat(requested.path("recipient")).isEqualTo(record.path("recipient"));
            assertThat(requested.path("capture_ids")).isEqualTo(record.path("capture_ids"));
            assertProved(recorded("approval.decided", "approval_id", id, 2), id, digest);
            assertProved(released.path("decisions").valueStream().toList(), id, digest);
        }
    }

    /// What the log has of one opening, once there is enough of it.
    private static List<JsonNode> recorded(String type, String field, String id, int count) throws Exception {
        while (true) {
            List<JsonNode> found = service.await(operator, "dev.postern." + type, count)
                    .valueStream()
                    .map(event -> event.path("data"))
                    .filter(data -> data.path(field).asString("").equals(id))
                    .toList();
            if (found.size() >= count) {
                return found;
            }
        }
    }

    /// By the custodians' public keys alone.
    private static void assertProved(List<JsonNode> decisions, String id, String digest) {
        CustodianRegister register = new CustodianRegister(custodians().all());
        OpeningDecision approved = new OpeningDecision(id, Kind.APPROVED, digest);
        List<String> approvers = new ArrayList<>();
        for (JsonNode decision : decisions) {
            if (register.made(decision.path("custodian").asString(), approved, octets(decision.path("signature")))) {
                approvers.add(decision.path("custodian").asString());
            }
        }
        assertThat(approvers).as(decisions.toString()).containsExactlyInAnyOrder("anna", "cleo");
    }

    /// Of bodies from before her key was replaced and from after.
    @Test
    void openWhenACustodiansKeyWasReplacedThenEachKeyOpensWhatWasSealedToIt() throws Exception {
        Custodians before = new Custodians(List.of(ANNA_BEFORE.custodian(), BEN.custodian()));
        for (CustodianKey key : List.of(ANNA_BEFORE, ANNA)) {
            Logged body = capture(30, key == ANNA ? custodians() : before);
            try (RecipientKey recipient = RecipientKey.generate()) {
                JsonNode asked = asked("eve", recipient, body);
                String id = asked.path("id").asString();
                expect(200, approve(id, key));
                expect(200, approve(id, BEN));
                JsonNode released = expect(200, release(id, "eve"));
                assertThat(opened(
                                recipient,
                                asked.path("digest").asString(),
                                released.path("captures").path(0),
                                body))
                        .isEqualTo(body.body());
            }
        }
    }

    @Test
    void openWhenRefusedOrNotBySomeoneElseThenNothingIsReleased() throws Exception {
        Logged body = capture(20);
        try (RecipientKey recipient = RecipientKey.generate()) {
            String own = asked("anna", recipient, body).path("id").asString();
            expectProblem(403, "second-person-required", approve(own, ANNA));
            ObjectNode forged = decision(own, BEN, Kind.APPROVED);
            forged.put(
                    "signature",
                    decision(own, CLEO, Kind.APPROVED).path("signature").asString());
            expectProblem(403, "signature-not-valid", decide(own, "ben", forged));
            expectProblem(403, "not-the-custodian", decide(own, "cleo", decision(own, BEN, Kind.APPROVED)));
            ObjectNode stranger = decision(own, BEN, Kind.APPROVED);
            expectProblem(403, "unknown-custodian", decide(own, "dora", stranger.put("custodian", "dora")));
            ObjectNode altered = decision(own, BEN, Kind.APPROVED);
            String digest = "00".repeat(32);
            altered.put("signature", base64(BEN.sign(new OpeningDecision(own, Kind.APPROVED, digest))));
            expectProblem(403, "signature-not-valid", decide(own, "ben", altered));
            ObjectNode fewer = decision(own, BEN, Kind.APPROVED);
            fewer.putArray("shares");
            expectProblem(400, "shares-missing", decide(own, "ben", fewer));

            expect(200, decide(own, "ben", decision(own, BEN, Kind.REFUSED)));
            expectProblem(409, "already-decided", approve(own, CLEO));
            expectProblem(409, "not-approved", release(own, "anna"));
            assertThat(service.await(operator, "dev.postern.request.rejected", 4)
                            .toString())
                    .contains("second-person-required", "signature-not-valid", "unknown-custodian");
        }
    }

    @Test
    void askWhenItIsNotOfWholeCapturesThenIsRefused() throws Exception {
        Logged body = capture(100_000);
        service.await(operator, "dev.postern.service.started", 1);
        JsonNode other = operator.json("/v1/events?type=dev.postern.service.started&limit=1")
                .path("events")
                .path(0);
        try (RecipientKey recipient = RecipientKey.generate()) {
            List<Map<String, String>> parts = body.events();
            assertThat(parts).hasSize(4);
            expectProblem(400, "not-captures", ask("eve", recipient, parts.subList(0, 3)));
            expectProblem(400, "not-captures", ask("eve", recipient, List.of()));
            expectProblem(400, "not-captures", ask("eve", recipient, List.of(parts.getFirst(), parts.getFirst())));
            expectProblem(
                    400,
                    "not-captures",
                    ask(
                            "eve",
                            recipient,
                            List.of(Map.of(
                                    "source",
                                    other.path("source").asString(),
                                    "id",
                                    other.path("id").asString()))));
            expectProblem(404, "unknown-event", ask("eve", recipient, List.of(Map.of("source", "x", "id", "y"))));
            expectProblem(400, "malformed", ask("eve", recipient, List.of(Map.of("source", "x"))));
        }
        expectProblem(
                400, "malformed", caller.postAs(token("eve"), "/v1/openings", "{\"events\":[],\"reason\":\"x\"}"));
        for (String wrong : List.of("null", "7", "[]", "{\"events\":null}", "{\"events\":[null]}", "")) {
            expectProblem(400, "malformed", caller.postAs(token("eve"), "/v1/openings", wrong));
        }
        try (RecipientKey recipient = RecipientKey.generate()) {
            String id = asked("eve", recipient, body).path("id").asString();
            for (String wrong : List.of("null", "{\"custodian\":null}", "{\"shares\":[null]}")) {
                expectProblem(
                        400, "malformed", caller.postAs(token("anna"), "/v1/openings/" + id + "/decisions", wrong));
            }
        }
        expectProblem(413, "too-large", caller.postAs(token("eve"), "/v1/openings", " ".repeat((1 << 20) + 1)));
        expectProblem(401, "token-required", operator.get("/v1/openings"));
        expectProblem(
                403, "insufficient-scope", caller.get("/v1/openings", service.token("console", "eve", "llm:invoke")));
    }

    /// As many as an event can name: the record is of all of them.
    @Test
    void askWhenItIsOfMoreBodiesThanTheRecordCanNameThenIsRefused() throws Exception {
        Logged[] bodies = new Logged[OpeningRequest.MOST_BODIES + 1];
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = capture(1 + i);
        }
        try (RecipientKey recipient = RecipientKey.generate()) {
            List<Map<String, String>> events = new ArrayList<>();
            for (Logged body : bodies) {
                events.addAll(body.events());
            }
            expectProblem(400, "not-captures", ask("eve", recipient, events));
            String id = asked("eve", recipient, Arrays.copyOf(bodies, OpeningRequest.MOST_BODIES))
                    .path("id")
                    .asString();
            assertThat(recorded("approval.requested", "approval_id", id, 1)
                            .getFirst()
                            .path("capture_ids")
                            .valueStream()
                            .map(JsonNode::asString))
                    .hasSize(OpeningRequest.MOST_BODIES)
                    .doesNotContain("~")
                    .contains(bodies[0].name().captureId());
        }
    }

    @Test
    void listingWhenOfCapturesThenHoldsNoSealedBody() throws Exception {
        capture(40_000);
        JsonNode events = service.await(operator, "dev.postern.archive.body-captured", 2);
        events.forEach(event -> assertThat(event.path("data").has("sealed")).isFalse());
        assertThat(events.path(0).path("data").path("parts").asInt()).isPositive();
    }

    @Test
    void openingWhenTheServiceWasRestartedThenIsForgottenAndAskedAgain(@TempDir Path other) throws Exception {
        try (RunningService off = RunningService.start(other);
                Caller without = off.withoutCertificate()) {
            expectProblem(409, "archives-off", without.get("/v1/openings", off.token("console", "eve", "audit:read")));
        }
        Logged body = capture(20);
        try (RecipientKey recipient = RecipientKey.generate()) {
            String id = asked("eve", recipient, body).path("id").asString();
            expect(200, approve(id, ANNA));
            stop();
            start();
            expectProblem(404, "unknown-opening", approveAfterRestart(id));
            assertThat(asked("eve", recipient, body).path("state").asString()).isEqualTo("waiting");
        }
    }

    private static HttpResponse<String> approveAfterRestart(String id) throws Exception {
        return decide(
                id,
                "ben",
                JSON.createObjectNode()
                        .put("custodian", "ben")
                        .put("kind", "refused")
                        .put("signature", "")
                        .set("shares", JSON.createArrayNode()));
    }
}
