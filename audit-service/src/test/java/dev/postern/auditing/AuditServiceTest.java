package dev.postern.auditing;

import static dev.postern.auditing.sequence.Events.event;
import static dev.postern.auditing.sequence.Events.events;
import static dev.postern.auditing.sequence.Events.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.FrameRejected;
import dev.postern.audit.ServiceStarted;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.auditing.witness.Cosignatures;
import dev.postern.auditing.witness.TestWitness;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over real mTLS, as producers, an operator and strangers meet it.
@Timeout(120)
final class AuditServiceTest extends ServiceFixture {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static void expectProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo(code);
    }

    @Test
    void aBatchIsAcknowledgedWithItsPlacesAndAgainWithTheSame() throws Exception {
        Caller gateway = service.caller(service.identity("gateway-service"));
        String batch = batch(events("gateway-service", 1, 5));
        JsonNode first = JSON.readTree(gateway.post(batch).body()).path("acks");
        JsonNode second = JSON.readTree(gateway.post(batch).body()).path("acks");
        gateway.close();

        assertThat(first).hasSize(5).isEqualTo(second);
        assertThat(first.path(4).path("id").asString())
                .isEqualTo(event("gateway-service", 5).id());
        assertThat(first.path(4).path("index").asLong()
                        - first.path(0).path("index").asLong())
                .isEqualTo(4);
        assertThat(first.path(0).path("shard").asString()).matches("[0-9]{4}w[0-9]{2}");
    }

    @Test
    void anEventsProofLeadsToTheSignedCheckpoint() throws Exception {
        Caller relay = service.caller(service.identity("inference-relay"));
        assertThat(relay.post(batch(events("inference-relay", 1, 3))).statusCode())
                .isEqualTo(200);
        relay.close();
        JsonNode proof = operator.json("/v1/proofs?source=" + Caller.encoded(source("inference-relay")) + "&id="
                + event("inference-relay", 2).id());

        Path key = home.resolve("data/audit/vkeys").resolve(proof.path("shard").asString() + ".vkey");
        NoteVerifier verifier =
                NoteVerifier.parse(Files.readString(key).strip()).orElseThrow();
        Checkpoint checkpoint = Checkpoint.open(
                        proof.path("checkpoint").asString().getBytes(StandardCharsets.UTF_8), verifier)
                .orElseThrow();
        byte[] leaf = Base64.getDecoder().decode(proof.path("leaf").asString());
        List<Hash> path = new ArrayList<>();
        proof.path("proof").forEach(hash -> path.add(Hash.of(Base64.getDecoder().decode(hash.asString()))));
        assertThat(ProofCheck.included(
                        proof.path("index").asLong(), checkpoint.size(), Hash.leaf(leaf), path, checkpoint.root()))
                .isTrue();
        LeafKey disclosed = LeafKey.parse(proof.path("leaf_key").asString()).orElseThrow();
        assertThat(SealedLeaf.parse(leaf).orElseThrow().open(disclosed))
                .hasValue(event("inference-relay", 2).bytes());
        expectProblem(operator.get("/v1/proofs?source=x&id=y"), 404, "not-found");
        expectProblem(operator.get("/v1/proofs?source=x"), 400, "malformed");
    }

    @Test
    void aTrailDeliversAndItsEventsAreListed() throws Exception {
        WorkloadIdentity identity = service.identity("redaction-service");
        AuditSettings settings = AuditSettings.of(
                URI.create(source("redaction-service")), home.resolve("producer-spool"), service.endpoint());
        try (AuditTrail trail = AuditTrail.open(
                settings,
                HttpClient.newBuilder().sslContext(identity.sslContext()).build(),
                Clock.systemUTC())) {
            trail.recordDurably(new ServiceStarted("redaction-service", "i-1", "0.1.0"));
            trail.recordDurably(new FrameRejected("replayed", Optional.of("s-1"), Optional.empty(), 3));
            while (trail.state().shipped() < 2) {
                Thread.onSpinWait();
            }
        }
        JsonNode events = service.await(operator, "dev.postern.frame.rejected", 1);
        assertThat(events.path(0).path("source").asString()).isEqualTo(source("redaction-service"));
        assertThat(events.path(0).path("sequence").asLong()).isEqualTo(2);
        assertThat(events.path(0).path("data").path("count").asInt()).isEqualTo(3);
        assertThat(Instant.parse(events.path(0).path("time").asString()))
                .isBefore(Instant.now().plusSeconds(1));
    }

    @Test
    void theServiceRecordsItsOwnStart() throws Exception {
        JsonNode events = service.await(operator, "dev.postern.service.started", 1);
        boolean own = false;
        while (!own) {
            for (JsonNode event : events) {
                own |= event.path("source").asString().equals(source("audit-service"));
            }
            events = operator.json("/v1/events?type=dev.postern.service.started&limit=1000")
                    .path("events");
        }
    }

    @Test
    void listingGoesBackByCursor() throws Exception {
        Caller rotation = service.caller(service.identity("key-rotation-service"));
        rotation.post(batch(events("key-rotation-service", 1, 7)));
        rotation.close();
        service.await(operator, "dev.postern.service.started", 7);
        JsonNode page = operator.json("/v1/events?limit=3");
        assertThat(page.path("events")).hasSize(3);
        JsonNode older =
                operator.json("/v1/events?limit=3&after=" + page.path("next").asString());
        assertThat(older.path("events").path(0).path("index").asLong())
                .isLessThan(page.path("events").path(2).path("index").asLong());
        for (String bad : List.of(
                "limit=0",
                "limit=1001",
                "limit=x",
                "type=nonsense",
                "after=2026w48",
                "after=..:1",
                "since=yesterday",
                "since=%2B1000000000-01-01T00:00:00Z",
                "until=-200000000-01-01T00:00:00Z",
                "until=",
                "proof=yes",
                "proof=true&limit=101",
                "tenant=",
                "tenant=a&tenant=b",
                "tenant=" + "x".repeat(257),
                "colour=red")) {
            expectProblem(operator.get("/v1/events?" + bad), 400, "malformed");
        }
    }

    /// Through the whole way: canonical bytes, sealed leaf, index, and back.
    @Test
    void eventsAreFoundByWhatTheyName() throws Exception {
        try (Caller tokens = service.caller(service.identity("token-service"))) {
            String spool = "fedcba9876543210";
            List<EventEnvelope> issued = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                issued.add(new EventEnvelope(
                        source("token-service"),
                        spool,
                        spool + ".00000000." + i,
                        i,
                        "dev.postern.revocation.issued",
                        Instant.parse("2026-11-23T12:00:0" + i + "Z"),
                        Map.of(
                                "revocation_id",
                                "r-" + i,
                                "actor",
                                "security/alice",
                                "kind",
                                i % 2 == 0 ? "token" : "key",
                                "target",
                                "target-" + i,
                                "reason",
                                "left")));
            }
            assertThat(tokens.post(batch(issued)).statusCode()).isEqualTo(200);
        }
        service.await(operator, "dev.postern.revocation.issued", 4);

        assertThat(found("credential=target-2")).containsExactly("r-2");
        assertThat(found("key=target-3")).containsExactly("r-3");
        assertThat(found("key=target-2")).as("a token is no key").isEmpty();
        assertThat(found("actor=security/alice")).containsExactly("r-4", "r-3", "r-2", "r-1");
        assertThat(found("actor=security/alice&credential=target-4")).containsExactly("r-4");
        assertThat(found("actor=security/bob")).isEmpty();
        assertThat(found("actor=security/alice&since=2026-11-23T12:00:02Z&until=2026-11-23T12:00:04Z"))
                .containsExactly("r-3", "r-2");
        assertThat(found("actor=security/alice&source=" + source("gateway-service")))
                .isEmpty();

        JsonNode first = operator.json("/v1/events?actor=security/alice&limit=3");
        assertThat(found("actor=security/alice&limit=3&after="
                        + first.path("next").asString()))
                .containsExactly("r-1");
        JsonNode proven = operator.json("/v1/events?credential=target-2&proof=true")
                .path("events")
                .path(0);
        JsonNode alone = operator.json("/v1/proofs?source=" + source("token-service") + "&id="
                + proven.path("id").asString());
        assertThat(proven.path("proof").path("leaf")).isEqualTo(alone.path("leaf"));
        assertThat(proven.path("proof").path("proof").isEmpty()).isFalse();
        assertThat(first.path("events").path(0).has("proof")).isFalse();
    }

    /// A rejected request names a token; its key signed another one, of another client, with which a request was
    /// served.
    @Test
    void anInvestigationLeadsFromOneEventToEverythingItsKeySigned() throws Exception {
        String spool = "00112233445566aa";
        try (Caller tokens = service.caller(service.identity("token-service"))) {
            assertThat(tokens.post(batch(List.of(
                                    issued(spool, 1, "jti-a", "demo", "sid-a"),
                                    issued(spool, 2, "jti-b", "other", "sid-b"))))
                            .statusCode())
                    .isEqualTo(200);
            List<EventEnvelope> exchanged = new ArrayList<>();
            for (int number = 3; number < 10; number++) {
                exchanged.add(exchanged(issued(spool, number, "jti-" + number, "demo", "sid-a"), "jti-a"));
            }
            assertThat(tokens.post(batch(exchanged)).statusCode()).isEqualTo(200);
        }
        try (Caller gateway = service.caller(service.identity("gateway-service"))) {
            assertThat(gateway.post(batch(List.of(new EventEnvelope(
                                    source("gateway-service"),
                                    spool,
                                    spool + ".00000000.1",
                                    1,
                                    "dev.postern.request.rejected",
                                    Instant.parse("2026-11-23T12:00:00Z"),
                                    Map.of(
                                            "reason", "dpop-replayed",
                                            "operation", "/v1/chat/completions",
                                            "client_id", "demo",
                                            "token_id", "jti-a",
                                            "status", 401,
                                            "count", 1)))))
                            .statusCode())
                    .isEqualTo(200);
        }
        service.await(operator, "dev.postern.request.rejected", 1);
        service.await(operator, "dev.postern.token.issued", 9);

        String path = "/v1/investigations?source=" + source("gateway-service") + "&id=" + spool + ".00000000.1";
        JsonNode found = operator.json(path);

        assertThat(found.path("event").path("data").path("reason").asString()).isEqualTo("dpop-replayed");
        assertThat(found.path("credentials").toString()).isEqualTo("[\"jti-a\"]");
        assertThat(found.path("keys").toString()).isEqualTo("[\"kid-stolen\"]");
        assertThat(found.path("signed").path(0).path("type").asString()).isEqualTo("dev.postern.token.issued");
        assertThat(found.path("signed").path(0).path("count").asLong()).isEqualTo(2);
        assertThat(found.path("signed").path(0).path("first").asString()).isEqualTo("2026-11-23T12:00:01.000Z");
        assertThat(found.path("signed").path(0).path("last").asString()).isEqualTo("2026-11-23T12:00:02.000Z");
        assertThat(found.path("revoke").path("keys").toString()).isEqualTo("[\"kid-stolen\"]");
        assertThat(found.path("revoke").path("tokens").toString()).isEqualTo("[\"jti-a\",\"jti-b\"]");
        assertThat(found.path("revoke").path("clients").toString()).isEqualTo("[\"demo\",\"other\"]");
        assertThat(found.path("revoke").path("sessions").toString()).isEqualTo("[\"sid-a\",\"sid-b\"]");
        assertThat(found.path("truncated").asBoolean()).isFalse();
        expectProblem(operator.get(path + "9"), 404, "not-found");
        expectProblem(stranger.get(path), 401, "token-required");
    }

    /// By another key, for a token that was presented.
    private static EventEnvelope exchanged(EventEnvelope issued, String subject) {
        Map<String, Object> data = new HashMap<>(issued.data());
        data.put("key_id", "kid-of-the-exchange");
        data.put("subject_token_id", subject);
        return new EventEnvelope(
                issued.source(), issued.spool(), issued.id(), issued.sequence(), issued.type(), issued.time(), data);
    }

    private static EventEnvelope issued(String spool, long number, String token, String client, String session) {
        return new EventEnvelope(
                source("token-service"),
                spool,
                spool + ".00000000." + number,
                number,
                "dev.postern.token.issued",
                Instant.parse("2026-11-23T12:00:0" + number + "Z"),
                Map.ofEntries(
                        Map.entry("token_id", token),
                        Map.entry("key_id", "kid-stolen"),
                        Map.entry("client_id", client),
                        Map.entry("tenant", "acme"),
                        Map.entry("scopes", List.of("llm:invoke")),
                        Map.entry("audience", List.of("urn:postern:gateway")),
                        Map.entry("grant", "client_credentials"),
                        Map.entry("binding", "none"),
                        Map.entry("use", "inference"),
                        Map.entry("session_id", session),
                        Map.entry("expires_at", "2026-11-23T12:05:00.000Z")));
    }

    private static List<String> found(String query) throws Exception {
        List<String> ids = new ArrayList<>();
        for (JsonNode event : operator.json("/v1/events?" + query).path("events")) {
            ids.add(event.path("data").path("revocation_id").asString());
        }
        return ids;
    }

    @Test
    void onlyTheOperatorAndTokensWithTheScopeMayRead() throws Exception {
        expectProblem(stranger.get("/v1/events"), 401, "token-required");
        expectProblem(producer.get("/v1/events"), 401, "token-required");
        expectProblem(stranger.get("/v1/proofs?source=x&id=y"), 401, "token-required");
        expectProblem(stranger.get("/v1/events", service.token("llm:invoke")), 403, "insufficient-scope");
        assertThat(stranger.get("/v1/events", service.token("audit:read")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void eventsOfAnotherSourceOrWithoutCertificateAreRefused() throws Exception {
        expectProblem(producer.post(batch(events("gateway-service", 100, 100))), 403, "peer-not-allowed");
        expectProblem(stranger.post(batch(events("token-service", 1, 1))), 401, "client-certificate-required");
    }

    @Test
    void badBatchesAreRefusedWhole() throws Exception {
        String good = batch(events("token-service", 1, 1));
        for (String bad : List.of(
                "",
                "{",
                "{}",
                "[{}]",
                "[1]",
                good + good,
                good.replace("service.started", "service.unknown"),
                good.replace("\"version\":\"0.1.0\"", "\"version\":1"),
                good.replace("\"version\":\"0.1.0\"", "\"version\":\"0.1.0\",\"prompt\":\"text\""),
                good.replace("\"version\":\"0.1.0\"", "\"version\":0.5"),
                good.replace("\"specversion\":\"1.0\"", "\"specversion\":\"1.1\""))) {
            expectProblem(producer.post(bad), 400, "malformed");
        }
        expectProblem(producer.post(good, "application/json"), 415, "unsupported-media-type");
        expectProblem(producer.post("[" + " ".repeat(1 << 20) + "]"), 413, "too-large");
        EventEnvelope event = event("token-service", 1);
        EventEnvelope large = new EventEnvelope(
                event.source(),
                event.spool(),
                event.id(),
                1,
                event.type(),
                event.time(),
                Map.of("service", "x".repeat(50_000)));
        expectProblem(producer.post(batch(List.of(large))), 413, "too-large");

        producer.post(good);
        EventEnvelope other = new EventEnvelope(
                event.source(), event.spool(), event.id(), 1, event.type(), Instant.EPOCH, event.data());
        expectProblem(producer.post(batch(List.of(other))), 409, "conflict");
    }

    @Test
    void theLogIsServedToAnyoneAndItsEntriesTellNothing() throws Exception {
        service.await(operator, "dev.postern.service.started", 1);
        String shard = operator.json("/v1/events?limit=1")
                .path("events")
                .path(0)
                .path("shard")
                .asString();
        HttpResponse<String> checkpoint = stranger.get("/log/localhost/audit/" + shard + "/checkpoint");
        assertThat(checkpoint.statusCode()).isEqualTo(200);
        assertThat(checkpoint.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        Checkpoint signed = Checkpoint.parse(
                        checkpoint.body().substring(0, checkpoint.body().indexOf("\n\n") + 1))
                .orElseThrow();
        HttpResponse<String> tile = stranger.get("/log/localhost/audit/" + shard + "/tile/0/000.p/" + signed.size());
        assertThat(tile.statusCode()).isEqualTo(200);
        assertThat(tile.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(tile.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        String entries = "/log/localhost/audit/" + shard + "/tile/entries/000.p/" + signed.size();
        HttpResponse<String> bundle = stranger.get(entries);
        assertThat(bundle.statusCode()).isEqualTo(200);
        assertThat(bundle.headers().firstValue("Cache-Control").orElseThrow()).contains("public", "immutable");
        assertThat(bundle.body()).doesNotContain("dev.postern", "spiffe", "token-service");
    }

    @Test
    void anyoneFindsTheLogsAndTheirKeys() throws Exception {
        HttpResponse<String> index = stranger.get("/log/");
        assertThat(index.statusCode()).isEqualTo(200);
        assertThat(index.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(index.body().lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("localhost/audit/([0-9]{4}w[0-9]{2}|root)"))
                .contains("localhost/audit/root");
        for (String origin : index.body().lines().toList()) {
            HttpResponse<String> key =
                    stranger.get("/vkeys/" + origin.substring(origin.lastIndexOf('/') + 1) + ".vkey");
            assertThat(key.statusCode()).isEqualTo(200);
            assertThat(NoteVerifier.parse(key.body().strip()).orElseThrow().name())
                    .isEqualTo(origin);
            assertThat(stranger.get("/log/" + origin + "/checkpoint").body()).startsWith(origin + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log/localhost/audit/",
                "/vkeys/",
                "/vkeys/2026w48",
                "/vkeys/2026w01.vkey",
                "/vkeys/..%2fwal.vkey",
                "/vkeys/audit-log-2026w48.vkey",
                "/log/localhost/audit/2026w01/checkpoint",
                "/log/localhost/audit/../../vkeys/checkpoint",
                "/log/localhost/audit/%2e%2e/%2e%2e/checkpoint",
                "/log/localhost/audit/2026w48/..%2f..%2fcheckpoint",
                "/log/localhost/audit/2026w48/tile/0/..",
                "/log/localhost/audit/2026w48/tile/0/000.tmp",
                "/log/other/audit/2026w48/checkpoint",
                "/log/localhost/audit/2026w48;x=y/checkpoint"
            })
    void nothingButTheLogIsServed(String path) throws Exception {
        assertThat(stranger.get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void whatIsPublishedIsServedWithItsWitnessesCosignaturesAndChecked(@TempDir Path directory, @TempDir Path state)
            throws Exception {
        try (TestWitness witness = TestWitness.start(state, directory.resolve("data/audit/vkeys"), Clock.systemUTC())) {
            List<String> settings = List.of(
                    "--postern.audit.witnesses[0].url=" + witness.url(),
                    "--postern.audit.witnesses[0].vkey=" + witness.key(),
                    "--postern.audit.witness-pause=50ms",
                    "--postern.audit.monitor.pause=50ms");
            try (RunningService running = RunningService.start(directory, settings);
                    Caller anyone = running.withoutCertificate();
                    Caller reader = running.caller(running.operator())) {
                String origin = anyone.get("/log/").body().lines().findFirst().orElseThrow();
                String note = "";
                while (cosignatures(witness, note) == 0) {
                    note = anyone.get("/log/" + origin + "/checkpoint").body();
                }
                JsonNode event =
                        running.await(reader, "dev.postern.service.started", 1).path(0);
                String proof = "/v1/proofs?source="
                        + Caller.encoded(event.path("source").asString()) + "&id="
                        + Caller.encoded(event.path("id").asString());
                note = "";
                while (cosignatures(witness, note) == 0) {
                    note = reader.json(proof).path("checkpoint").asString();
                }
                assertThat(running.bean(MeterRegistry.class)
                                .get("postern.audit.cosignature.age")
                                .tag("witness", witness.key().name())
                                .gauge()
                                .value())
                        .isBetween(0.0, 60.0);
                MeterRegistry metrics = running.bean(MeterRegistry.class);
                while (metrics.get("postern.audit.monitor.samples")
                                .functionCounter()
                                .count()
                        < 1) {
                    Thread.onSpinWait();
                }
                assertThat(metrics.get("postern.audit.monitor.faults")
                                .functionCounter()
                                .count())
                        .isZero();
            }
        }
    }

    @Test
    void acknowledgementWhenOfAHigherLevelThenComesNoEarlierThanThat(@TempDir Path directory, @TempDir Path state)
            throws Exception {
        Caller relay = service.caller(service.identity("inference-relay"));
        String event = batch(events("inference-relay", 1, 1));
        expectProblem(post(relay, "durable", event), 400, "malformed");
        expectProblem(post(relay, "witnessed", event), 409, "no-witness");
        relay.close();
        TestWitness witness = TestWitness.start(state, directory.resolve("data/audit/vkeys"), Clock.systemUTC());
        List<String> settings = List.of(
                "--postern.audit.witnesses[0].url=" + witness.url(),
                "--postern.audit.witnesses[0].vkey=" + witness.key(),
                "--postern.audit.witness-pause=50ms",
                "--postern.audit-log.publication-pause=500ms",
                "--postern.audit-log.ingest.patience=6s");
        try (RunningService running = RunningService.start(directory, settings);
                Caller sender = running.caller(running.identity("inference-relay"));
                Caller anyone = running.withoutCertificate()) {
            String origin = anyone.get("/log/").body().lines().findFirst().orElseThrow();
            for (int i = 1; i <= 3; i++) {
                long index = placed(post(sender, "published", batch(events("inference-relay", i, i))));
                assertThat(size(anyone.get("/log/" + origin + "/checkpoint").body()))
                        .isGreaterThan(index);
            }
            long index = placed(post(sender, "witnessed", batch(events("inference-relay", 4, 4))));
            assertThat(running.bean(Cosignatures.class)
                            .await(origin, witness.key().name(), index, 0))
                    .isTrue();

            witness.close();
            String late = batch(events("inference-relay", 5, 5));
            expectProblem(post(sender, "witnessed", late), 503, "unavailable");
            assertThat(placed(post(sender, "sequenced", late)))
                    .as("it is in the log all the same")
                    .isGreaterThan(index);
        }
    }

    private static HttpResponse<String> post(Caller caller, String ack, String batch) throws Exception {
        return caller.post("/v1/events?ack=" + ack, batch, "application/cloudevents-batch+json");
    }

    private static long placed(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("acks").path(0).path("index").asLong();
    }

    private static long size(String checkpoint) {
        return Long.parseLong(checkpoint.lines().skip(1).findFirst().orElseThrow());
    }

    private static long cosignatures(TestWitness witness, String note) {
        return SignedNote.text(note.getBytes(StandardCharsets.UTF_8)).stream()
                .flatMap(text -> note.lines().flatMap(line -> witness.key().verify(text, line).stream()))
                .count();
    }

    @Test
    void afterARestartEverythingAcknowledgedIsThereOnce(@TempDir Path directory) throws Exception {
        JsonNode before;
        String batch = batch(events("token-service", 1, 300));
        try (RunningService first = RunningService.start(directory);
                Caller caller = first.caller(first.identity("token-service"))) {
            before = JSON.readTree(caller.post(batch).body()).path("acks");
            assertThat(before).hasSize(300);
        }
        try (RunningService second = RunningService.start(directory);
                Caller caller = second.caller(second.identity("token-service"))) {
            assertThat(JSON.readTree(caller.post(batch).body()).path("acks")).isEqualTo(before);
        }
        Path audit = directory.resolve("data/audit");
        assertThat(ShardsVerifier.verify(audit.resolve("log"), audit.resolve("vkeys")))
                .isNotEmpty()
                .allMatch(shard -> shard.report().sound());
    }
}
