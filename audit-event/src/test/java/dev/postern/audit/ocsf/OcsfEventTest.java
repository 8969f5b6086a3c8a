package dev.postern.audit.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class OcsfEventTest {
    private static final Map<Integer, List<String>> REQUIRED = Map.of(
            2004, List.of("finding_info"),
            3002, List.of("user", "service"),
            3003, List.of("user", "privileges"),
            3004, List.of("entity"),
            3005, List.of("user"),
            6002, List.of("app"),
            6003, List.of("actor", "api", "src_endpoint"),
            6005, List.of("actor", "databucket", "src_endpoint"));

    private static EventEnvelope event(String type, Map<String, ?> data) {
        return new EventEnvelope(
                "spiffe://postern.local/token-service",
                "spool",
                "id-1",
                7,
                type,
                Instant.parse("2026-11-26T09:00:00.123Z"),
                data);
    }

    private static int number(Map<String, Object> ocsf, String name) {
        return ocsf.get(name) instanceof Integer number ? number : -1;
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasWhatItsClassRequires(EventType type) {
        Map<String, Object> ocsf = OcsfEvent.of(event(type.wireName(), Map.of("count", 3)));
        assertThat(ocsf)
                .containsKeys(
                        "activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid");
        int uid = number(ocsf, "class_uid");
        assertThat(REQUIRED).containsKey(uid);
        assertThat(ocsf.keySet()).containsAll(REQUIRED.get(uid));
        assertThat(ocsf).containsEntry("type_uid", uid * 100 + number(ocsf, "activity_id"));
        assertThat(ocsf).containsEntry("category_uid", uid / 1000);
    }

    @ParameterizedTest
    @CsvSource({
        "token.issued, 3002, 3, 1",
        "token.refused, 3002, 3, 2",
        "certificate.issued, 3002, 3, 1",
        "session.opened, 3003, 1, 1",
        "session.closed, 3002, 2, 1",
        "revocation.issued, 3004, 4, 1",
        "key.transitioned, 3004, 3, 1",
        "key.compromise-reported, 3004, 4, 1",
        "policy.published, 3005, 1, 1",
        "frame.rejected, 2004, 1, 1",
        "key.suspected, 2004, 1, 1",
        "alert.sequence-gap, 2004, 1, 1",
        "service.started, 6002, 3, 1",
        "service.stopped, 6002, 4, 1",
        "redaction.policy-published, 6002, 99, 1",
        "admin.changed, 6003, 3, 1",
        "approval.decided, 6003, 3, 1",
        "archive.opened, 6005, 10, 1",
        "archive.body-captured, 6005, 5, 1",
        "nobody.knows, 6003, 99, 1",
    })
    void eachTypeHasItsClass(String type, int classUid, int activity, int status) {
        assertThat(OcsfEvent.of(event("dev.postern." + type, Map.of())))
                .containsEntry("class_uid", classUid)
                .containsEntry("activity_id", activity)
                .containsEntry("status_id", status);
    }

    @ParameterizedTest
    @CsvSource({"replayed, 2004", "bad-tag, 2004", "missing-scope, 6003"})
    void aRejectionThatTellsOfAnAttackIsAFinding(String reason, int classUid) {
        assertThat(OcsfEvent.of(event("dev.postern.request.rejected", Map.of("reason", reason))))
                .containsEntry("class_uid", classUid);
    }

    @ParameterizedTest
    @CsvSource({"NONE, PREPARED, 1", "PREPARED, ACTIVE, 3", "RETIRING, DESTROYED, 4"})
    void aKeysLifeIsThatOfAnEntity(String from, String to, int activity) {
        assertThat(OcsfEvent.of(event("dev.postern.key.transitioned", Map.of("from", from, "to", to))))
                .containsEntry("activity_id", activity);
    }

    @Test
    void theActorIsWhoDidItAndElseWhoAsked() {
        String opened = "dev.postern.archive.opened";
        assertThat(OcsfEvent.of(event(opened, Map.of("requester", "console/eve", "count", 1)))
                        .get("actor"))
                .isEqualTo(Map.of(
                        "app_name", "spiffe://postern.local/token-service", "user", Map.of("uid", "console/eve")));
        Map<String, Object> decided = OcsfEvent.of(
                event("dev.postern.approval.decided", Map.of("requester", "console/eve", "actor", "console/anna")));
        assertThat(decided)
                .containsEntry(
                        "actor",
                        Map.of(
                                "app_name",
                                "spiffe://postern.local/token-service",
                                "user",
                                Map.of("uid", "console/anna")));
    }

    @Test
    void theLineHasThisForm() throws Exception {
        EventEnvelope event = event(
                "dev.postern.token.issued",
                Map.of("client_id", "demo", "tenant", "acme", "grant", "client_credentials", "scopes", List.of("a")));
        String line = "{\"activity_id\":3,\"activity_name\":\"Authentication Ticket\","
                + "\"actor\":{\"app_name\":\"spiffe://postern.local/token-service\",\"user\":{\"uid\":\"demo\"}},"
                + "\"category_uid\":3,\"class_name\":\"Authentication\",\"class_uid\":3002,"
                + "\"message\":\"dev.postern.token.issued\","
                + "\"metadata\":{\"event_code\":\"dev.postern.token.issued\",\"log_name\":\"audit\","
                + "\"log_provider\":\"spiffe://postern.local/token-service\","
                + "\"original_time\":\"2026-11-26T09:00:00.123Z\","
                + "\"product\":{\"name\":\"Postern\",\"vendor_name\":\"Postern\"},\"sequence\":7,"
                + "\"tenant_uid\":\"acme\",\"uid\":\"id-1\",\"version\":\"1.8.0\"},"
                + "\"service\":{\"name\":\"spiffe://postern.local/token-service\"},\"severity_id\":1,"
                + "\"status_detail\":\"client_credentials\",\"status_id\":1,\"time\":1795683600123,"
                + "\"type_uid\":300203,"
                + "\"unmapped\":{\"client_id\":\"demo\",\"grant\":\"client_credentials\",\"scopes\":[\"a\"],"
                + "\"tenant\":\"acme\"},\"user\":{\"uid\":\"demo\"}}";
        assertThat(new String(OcsfEvent.bytes(event), StandardCharsets.UTF_8)).isEqualTo(line);
        assertThat(OcsfEvent.bytes(EnvelopeParser.parse(event.bytes()))).isEqualTo(OcsfEvent.bytes(event));
    }
}
