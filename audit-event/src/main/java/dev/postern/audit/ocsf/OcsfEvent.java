package dev.postern.audit.ocsf;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An event as OCSF 1.8 has it.
///
/// Guarantee: the rendering is a function of the event alone, so whoever has both can check that they belong together;
/// every field of the event is in it, under `unmapped` by its own name. It has what its class requires.
/// Non-guarantee: OCSF has no word for much of what happens here; the mapping is the closest one, not an equivalence.
public final class OcsfEvent {
    /// The version of the schema.
    public static final String SCHEMA = "1.8.0";

    private static final Map<String, Object> PRODUCT = Map.of("name", "Postern", "vendor_name", "Postern");
    /// Who acted, by the first of these fields that an event has.
    private static final List<String> ACTORS =
            List.of("actor", "requester", "called_by", "ordered_by", "reported_by", "client_id", "spiffe_id", "owner");

    private static final List<String> AFFECTED = List.of("client_id", "spiffe_id", "target", "actor", "owner");
    private static final List<String> ENTITIES = List.of("target", "key_id", "incident_id", "resource_id");
    private static final List<String> ENTITY_TYPES = List.of("kind", "key_class", "resource");
    private static final List<String> OPERATIONS = List.of("operation", "action");
    private static final List<String> REASONS = List.of("reason", "cause", "outcome", "decision", "trigger", "grant");

    private OcsfEvent() {}

    /// One line of JSON, in canonical form (RFC 8785).
    public static byte[] bytes(EventEnvelope event) throws NotCanonical {
        return CanonicalJson.bytes(of(event));
    }

    /// The object.
    public static Map<String, Object> of(EventEnvelope event) {
        OcsfMeaning meaning = OcsfMeaning.of(event);
        int classUid = meaning.ocsfClass().uid();
        Map<String, Object> ocsf = new TreeMap<>();
        ocsf.put("class_uid", classUid);
        ocsf.put("class_name", meaning.ocsfClass().caption());
        ocsf.put("category_uid", meaning.ocsfClass().category());
        ocsf.put("activity_id", meaning.activity().id());
        ocsf.put("activity_name", meaning.activity().caption());
        ocsf.put("type_uid", classUid * 100 + meaning.activity().id());
        ocsf.put("severity_id", meaning.severity().id());
        ocsf.put("status_id", meaning.status().id());
        ocsf.put("time", event.time().toEpochMilli());
        ocsf.put("metadata", metadata(event));
        ocsf.put("message", event.type());
        ocsf.put("unmapped", event.data());
        first(event, REASONS).ifPresent(reason -> ocsf.put("status_detail", reason));
        if (event.data().get("count") instanceof Number count) {
            ocsf.put("count", count);
        }
        ocsf.put("actor", actor(event));
        classFields(meaning.ocsfClass(), event, ocsf);
        return ocsf;
    }

    private static Map<String, Object> metadata(EventEnvelope event) {
        Map<String, Object> metadata = new TreeMap<>();
        metadata.put("version", SCHEMA);
        metadata.put("product", PRODUCT);
        metadata.put("uid", event.id());
        metadata.put("event_code", event.type());
        metadata.put("log_name", "audit");
        metadata.put("log_provider", event.source());
        metadata.put("sequence", event.sequence());
        metadata.put("original_time", EventEnvelope.timestamp(event.time()));
        first(event, List.of("tenant")).ifPresent(tenant -> metadata.put("tenant_uid", tenant));
        return metadata;
    }

    private static Map<String, Object> actor(EventEnvelope event) {
        Map<String, Object> actor = new TreeMap<>();
        actor.put("app_name", event.source());
        first(event, ACTORS).ifPresent(user -> actor.put("user", Map.of("uid", user)));
        first(event, List.of("session_id")).ifPresent(session -> actor.put("session", Map.of("uid", session)));
        return actor;
    }

    /// What each class requires beside the base.
    private static void classFields(OcsfClass ocsfClass, EventEnvelope event, Map<String, Object> ocsf) {
        switch (ocsfClass) {
            case DETECTION_FINDING ->
                ocsf.put(
                        "finding_info",
                        Map.of(
                                "uid",
                                event.id(),
                                "title",
                                event.type(),
                                "created_time",
                                event.time().toEpochMilli()));
            case AUTHENTICATION -> {
                ocsf.put("user", affected(event));
                ocsf.put("service", Map.of("name", event.source()));
            }
            case AUTHORIZE_SESSION -> {
                ocsf.put("user", affected(event));
                ocsf.put("privileges", List.of("sealed-session"));
                first(event, List.of("session_id")).ifPresent(session -> ocsf.put("session", Map.of("uid", session)));
            }
            case ENTITY_MANAGEMENT -> ocsf.put("entity", entity(event));
            case USER_ACCESS_MANAGEMENT -> {
                ocsf.put("user", Map.of("name", "*"));
                ocsf.put("privileges", List.of("policy"));
            }
            case APPLICATION_LIFECYCLE -> ocsf.put("app", app(event));
            case API_ACTIVITY -> {
                ocsf.put("api", Map.of("operation", first(event, OPERATIONS).orElse(event.type())));
                ocsf.put("src_endpoint", Map.of("svc_name", event.source()));
            }
            case DATASTORE_ACTIVITY -> {
                ocsf.put("databucket", Map.of("name", "audit"));
                ocsf.put("src_endpoint", Map.of("svc_name", event.source()));
            }
        }
    }

    private static Map<String, Object> affected(EventEnvelope event) {
        return Map.of("uid", first(event, AFFECTED).orElse("unknown"));
    }

    private static Map<String, Object> entity(EventEnvelope event) {
        return Map.of(
                "uid", first(event, ENTITIES).orElse(event.id()),
                "type", first(event, ENTITY_TYPES).orElse(event.type()));
    }

    private static Map<String, Object> app(EventEnvelope event) {
        Map<String, Object> app = new TreeMap<>();
        app.put("vendor_name", "Postern");
        app.put("name", first(event, List.of("service")).orElse(event.source()));
        first(event, List.of("instance")).ifPresent(instance -> app.put("uid", instance));
        first(event, List.of("version")).ifPresent(version -> app.put("version", version));
        return app;
    }

    private static Optional<String> first(EventEnvelope event, List<String> fields) {
        return fields.stream()
                .map(event.data()::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
