package dev.postern.audit.ocsf;

import dev.postern.audit.envelope.EventEnvelope;
import java.util.Map;
import java.util.Set;

/// What an event is in OCSF: its class, the activity within the class, how grave it is, and whether it succeeded.
///
/// A type that this release does not know is other administration, so that every event has a meaning.
record OcsfMeaning(OcsfClass ocsfClass, Activity activity, Severity severity, Status status) {

    /// An activity of a class.
    record Activity(int id, String caption) {}

    /// OCSF's `severity_id`.
    enum Severity {
        INFORMATIONAL(1),
        LOW(2),
        HIGH(4);

        private final int id;

        Severity(int id) {
            this.id = id;
        }

        int id() {
            return id;
        }
    }

    /// OCSF's `status_id`.
    enum Status {
        SUCCESS(1),
        FAILURE(2);

        private final int id;

        Status(int id) {
            this.id = id;
        }

        int id() {
            return id;
        }
    }

    private static final String PREFIX = "dev.postern.";
    private static final Activity CREATE = new Activity(1, "Create");
    private static final Activity UPDATE = new Activity(3, "Update");
    private static final Activity DELETE = new Activity(4, "Delete");
    private static final Activity TICKET = new Activity(3, "Authentication Ticket");
    private static final Activity LOGOFF = new Activity(2, "Logoff");
    private static final Activity ASSIGN_PRIVILEGES = new Activity(1, "Assign Privileges");
    private static final Activity START = new Activity(3, "Start");
    private static final Activity STOP = new Activity(4, "Stop");
    private static final Activity CONFIGURE = new Activity(99, "Configuration");
    private static final Activity INVOKE = new Activity(99, "Invoke");
    private static final Activity WRITE = new Activity(5, "Write");
    private static final Activity DECRYPT = new Activity(10, "Decrypt");

    /// Rejections that tell of an attack on a message rather than of a caller's mistake.
    private static final Set<String> ATTACKS = Set.of(
            "replayed",
            "bad-tag",
            "dpop-replayed",
            "assertion-replayed",
            "token-replayed",
            "open-replayed",
            "proof-replayed");

    static OcsfMeaning of(EventEnvelope event) {
        String name = event.type().startsWith(PREFIX) ? event.type().substring(PREFIX.length()) : event.type();
        Map<String, ?> data = event.data();
        return switch (name) {
            case "token.issued", "certificate.issued" -> success(OcsfClass.AUTHENTICATION, TICKET);
            case "token.refused" -> failure(OcsfClass.AUTHENTICATION, TICKET);
            case "session.opened" -> success(OcsfClass.AUTHORIZE_SESSION, ASSIGN_PRIVILEGES);
            case "session.closed" -> success(OcsfClass.AUTHENTICATION, LOGOFF);
            case "request.served" -> success(OcsfClass.API_ACTIVITY, INVOKE);
            case "request.rejected" ->
                ATTACKS.contains(String.valueOf(data.get("reason")))
                        ? finding()
                        : failure(OcsfClass.API_ACTIVITY, INVOKE);
            case "frame.rejected",
                    "key.suspected",
                    "containment.ordered",
                    "alert.sequence-gap",
                    "alert.spool-damaged",
                    "alert.producer-silent" -> finding();
            case "key.transitioned" -> success(OcsfClass.ENTITY_MANAGEMENT, transition(data));
            case "key.compromise-reported" ->
                new OcsfMeaning(OcsfClass.ENTITY_MANAGEMENT, DELETE, Severity.HIGH, Status.SUCCESS);
            case "revocation.issued" -> success(OcsfClass.ENTITY_MANAGEMENT, DELETE);
            case "policy.published" -> success(OcsfClass.USER_ACCESS_MANAGEMENT, ASSIGN_PRIVILEGES);
            case "redaction.policy-published", "redaction.policy-withdrawn" ->
                success(OcsfClass.APPLICATION_LIFECYCLE, CONFIGURE);
            case "service.started" -> success(OcsfClass.APPLICATION_LIFECYCLE, START);
            case "service.stopped" -> success(OcsfClass.APPLICATION_LIFECYCLE, STOP);
            case "archive.body-captured" -> success(OcsfClass.DATASTORE_ACTIVITY, WRITE);
            case "archive.opened" -> success(OcsfClass.DATASTORE_ACTIVITY, DECRYPT);
            case "approval.requested" -> success(OcsfClass.API_ACTIVITY, CREATE);
            case "admin.changed" -> success(OcsfClass.API_ACTIVITY, change(String.valueOf(data.get("action"))));
            default -> other(name);
        };
    }

    private static OcsfMeaning other(String name) {
        return success(OcsfClass.API_ACTIVITY, name.equals("approval.decided") ? UPDATE : CONFIGURE);
    }

    private static Activity transition(Map<String, ?> data) {
        if ("NONE".equals(data.get("from"))) {
            return CREATE;
        }
        return "DESTROYED".equals(data.get("to")) ? DELETE : UPDATE;
    }

    private static Activity change(String action) {
        if (action.endsWith("-created")) {
            return CREATE;
        }
        return action.endsWith("-deleted") ? DELETE : UPDATE;
    }

    private static OcsfMeaning success(OcsfClass ocsfClass, Activity activity) {
        return new OcsfMeaning(ocsfClass, activity, Severity.INFORMATIONAL, Status.SUCCESS);
    }

    private static OcsfMeaning failure(OcsfClass ocsfClass, Activity activity) {
        return new OcsfMeaning(ocsfClass, activity, Severity.LOW, Status.FAILURE);
    }

    private static OcsfMeaning finding() {
        return new OcsfMeaning(OcsfClass.DETECTION_FINDING, CREATE, Severity.HIGH, Status.SUCCESS);
    }
}
