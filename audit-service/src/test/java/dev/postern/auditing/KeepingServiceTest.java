package dev.postern.auditing;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.root.RootEntry;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.NoteVerifier;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Root log, holds and heartbeats over real mTLS.
@Timeout(120)
final class KeepingServiceTest extends ServiceFixture {
    private static final String SOURCE = "spiffe://postern.local/service/token-service";

    private static String code(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body()).path("code").asString("");
    }

    private static List<RootEntry> rootEntries() throws Exception {
        Path audit = home.resolve("data/audit");
        NoteVerifier key = NoteVerifier.parse(
                        Files.readString(audit.resolve("vkeys/root.vkey")).strip())
                .orElseThrow();
        List<RootEntry> entries = new ArrayList<>();
        LogReport report = LogVerifier.verify(
                audit.resolve("log/localhost/audit/root"),
                key,
                PriorKnowledge.NONE,
                (_, leaf) -> entries.add(RootEntry.parse(leaf).orElseThrow()));
        assertThat(report.inconsistency()).isEmpty();
        return entries;
    }

    private static String hold(String held, String reason) {
        return "{\"held\":[" + held + "],\"reason\":\"" + reason + "\"}";
    }

    @Test
    void rootLogWhenTheServiceRunsThenServedToAnyoneAndNamesTheShard() throws Exception {
        assertThat(rootEntries()).anySatisfy(entry -> assertThat(entry).isInstanceOf(RootEntry.ShardOpened.class));
        HttpResponse<String> checkpoint = stranger.get("/log/localhost/audit/root/checkpoint");
        assertThat(checkpoint.statusCode()).isEqualTo(200);
        assertThat(checkpoint.body()).startsWith("localhost/audit/root\n");
    }

    @Test
    void holdWhenPlacedAndReleasedThenInTheRootLogWithoutItsReasonAndAuditedWithIt() throws Exception {
        assertThat(operator.put("/v1/holds/case-1", hold("\"2099w01\"", "a court's order"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(operator.json("/v1/holds")).hasToString("{\"case-1\":[\"2099w01\"]}");
        assertThat(rootEntries())
                .anyMatch(entry -> entry instanceof RootEntry.HoldPlaced placed
                        && placed.hold().equals("case-1"));
        JsonNode placed =
                service.await(operator, "dev.postern.hold.placed", 1).path(0).path("data");
        assertThat(placed.path("reason").asString()).isEqualTo("a court's order");
        assertThat(placed.path("actor").asString()).isEqualTo("spiffe://postern.local/operator/cli");

        assertThat(operator.delete("/v1/holds/case-1?reason=settled").statusCode())
                .isEqualTo(204);
        assertThat(operator.json("/v1/holds")).hasToString("{}");
        assertThat(service.await(operator, "dev.postern.hold.released", 1)
                        .path(0)
                        .path("data")
                        .path("reason")
                        .asString())
                .isEqualTo("settled");
        assertThat(operator.delete("/v1/holds/case-1?reason=again").statusCode())
                .isEqualTo(404);
    }

    @Test
    void holdWhenMalformedOrNotTheOperatorsThenRefused() throws Exception {
        for (String body : List.of(
                "{}",
                hold("", "reason"),
                hold("\"2099\"", "reason"),
                hold("\"2099-02-30\"", "reason"),
                hold("null", "reason"),
                hold("\"2099w01\"", " "),
                hold("\"2099w01\"", "x".repeat(257)))) {
            HttpResponse<String> answer = operator.put("/v1/holds/case-2", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
        }
        assertThat(operator.put("/v1/holds/Case_2", hold("\"2099w01\"", "reason"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(code(producer.put("/v1/holds/case-2", hold("\"2099w01\"", "reason"))))
                .isEqualTo("peer-not-allowed");
        assertThat(code(stranger.put("/v1/holds/case-2", hold("\"2099w01\"", "reason"))))
                .isEqualTo("client-certificate-required");
        assertThat(producer.get("/v1/holds").statusCode()).isEqualTo(403);
        String endless = hold("\"2099w01\"", "x".repeat(100_000));
        assertThat(operator.put("/v1/holds/case-2", endless).statusCode()).isEqualTo(413);
        assertThat(code(stranger.put("/v1/holds/case-2", endless)))
                .as("who it is comes first")
                .isEqualTo("client-certificate-required");
        assertThat(producer.post("/v1/heartbeats", heartbeat(SOURCE, "x".repeat(2_000), "1"), "application/json")
                        .statusCode())
                .isEqualTo(413);
        assertThat(producer.delete("/v1/holds/case-2?reason=x").statusCode()).isEqualTo(403);
    }

    @Test
    void indexWhenRebuiltByTheOperatorThenEqualAndOnRecordAndOthersAreRefused() throws Exception {
        assertThat(code(producer.post("/v1/index/rebuild", "{}", "application/json")))
                .isEqualTo("peer-not-allowed");
        assertThat(code(stranger.get("/v1/index/rebuild"))).isEqualTo("client-certificate-required");
        assertThat(operator.post("/v1/index/rebuild", "{}", "application/json").statusCode())
                .isEqualTo(202);
        JsonNode report = operator.json("/v1/index/rebuild");
        while (!report.path("state").asString().equals("EQUAL")) {
            assertThat(report.path("state").asString()).isIn("READING", "COMPARING");
            report = operator.json("/v1/index/rebuild");
        }
        assertThat(report.path("days").asInt()).isPositive();
        assertThat(report.path("entries").asLong()).isPositive();
        assertThat(report.path("different")).isEmpty();
        assertThat(service.await(operator, "dev.postern.admin.changed", 1)
                        .path(0)
                        .path("data")
                        .path("action")
                        .asString())
                .isEqualTo("index-rebuild-requested");
    }

    private static String heartbeat(String source, String spool, String last) {
        return "{\"source\":\"" + source + "\",\"spool\":\"" + spool + "\",\"last\":" + last + "}";
    }

    @Test
    void heartbeatWhenAProducerIsFurtherThanTheLogThenAGapAndOnlyOnce() throws Exception {
        assertThat(producer.post(batch(events("token-service", 1, 3))).statusCode())
                .isEqualTo(200);
        String spool = events("token-service", 1, 1).getFirst().spool();
        String json = "application/json";
        assertThat(producer.post("/v1/heartbeats", heartbeat(SOURCE, spool, "3"), json)
                        .statusCode())
                .isEqualTo(204);
        assertThat(producer.post("/v1/heartbeats", heartbeat(SOURCE, spool, "7"), json)
                        .statusCode())
                .isEqualTo(204);
        assertThat(producer.post("/v1/heartbeats", heartbeat(SOURCE, spool, "7"), json)
                        .statusCode())
                .isEqualTo(204);
        service.await(operator, "dev.postern.alert.sequence-gap", 1);
        // What was recorded before this one is in the log when it is.
        assertThat(producer.post("/v1/heartbeats", heartbeat(SOURCE, "another-spool", "2"), json)
                        .statusCode())
                .isEqualTo(204);
        JsonNode gaps = service.await(operator, "dev.postern.alert.sequence-gap", 2);
        assertThat(gaps).hasSize(2);
        assertThat(gaps.path(0).path("data").path("spool").asString()).isEqualTo("another-spool");
        assertThat(gaps.path(1).path("data").path("expected").asLong()).isEqualTo(4);
        assertThat(gaps.path(1).path("data").path("received").asLong()).isEqualTo(7);
    }

    @Test
    void heartbeatWhenMalformedOrInAnothersNameThenRefused() throws Exception {
        String json = "application/json";
        for (String body : List.of(
                "{}",
                heartbeat(SOURCE, "", "1"),
                heartbeat(SOURCE, "a b", "1"),
                heartbeat(SOURCE, "spool", "-1"),
                heartbeat(SOURCE, "spool", "null"))) {
            assertThat(producer.post("/v1/heartbeats", body, json).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        String foreign = heartbeat("spiffe://postern.local/service/gateway-service", "spool", "1");
        assertThat(code(producer.post("/v1/heartbeats", foreign, json))).isEqualTo("peer-not-allowed");
        assertThat(code(operator.post("/v1/heartbeats", foreign, json))).isEqualTo("peer-not-allowed");
        assertThat(code(stranger.post("/v1/heartbeats", foreign, json))).isEqualTo("client-certificate-required");
    }

    @Test
    void eventWhenItsClockIsInTheFutureThenTakenAsItIsAndCounted() throws Exception {
        Caller relay = service.caller(service.identity("inference-relay"));
        EventEnvelope one = events("inference-relay", 1, 1).getFirst();
        Instant future = Instant.now().plus(Duration.ofDays(400));
        EventEnvelope ahead = new EventEnvelope(one.source(), one.spool(), one.id(), 1, one.type(), future, one.data());
        HttpResponse<String> answer = relay.post(batch(List.of(ahead)));
        relay.close();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).as("by the clock of the log").doesNotContain("\"shard\":\"2027w5");
        assertThat(service.counter("postern.audit.events.ahead")).isOne();
    }
}
