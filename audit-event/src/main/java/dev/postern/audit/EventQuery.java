package dev.postern.audit;

import dev.postern.audit.envelope.EventEnvelope;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// By what events can be looked for, and which field of an event answers which question. The one place for it: an
/// index takes [#terms], a reader asks with [#parameter].
///
/// Fields are named once, for every event type alike. Two fields say what they are by another one beside them: a
/// revocation's `target` by `kind`, a change's `resource_id` by `resource`.
public enum EventQuery {
    /// The producer's SPIFFE id.
    SOURCE("source"),
    /// The CloudEvents type.
    TYPE("type"),
    /// The `jti` of a token: its issue, its use, what was exchanged from it, its revocation.
    CREDENTIAL("credential", "token_id", "subject_token_id"),
    /// The id of a key.
    KEY("key", "key_id", "key_ids", "relay_key_id"),
    /// The `sid` of tokens, or the id of a sealed session.
    SESSION("session", "session_id"),
    /// Whose data it was.
    TENANT("tenant", "tenant"),
    /// A client of the platform.
    CLIENT("client", "client_id"),
    /// The hash of a subject.
    SUBJECT("subject"),
    /// Who did it, asked for it, approved it, or reported it.
    ACTOR(
            "actor",
            "actor",
            "requester",
            "approvers",
            "custodian",
            "called_by",
            "approved_by",
            "ordered_by",
            "reported_by");

    /// A field whose meaning another field tells.
    private record Told(String field, String by) {}

    private static final List<Told> TOLD = List.of(new Told("target", "kind"), new Told("resource_id", "resource"));

    private static final Map<String, EventQuery> KINDS = Map.of(
            "token", CREDENTIAL,
            "session", SESSION,
            "client", CLIENT,
            "subject", SUBJECT,
            "tenant", TENANT,
            "key", KEY);

    /// Texts that no question is asked by: codes and settings, names of services and of their parts, and identifiers
    /// of a single event, which is found by those beside it.
    static final Set<String> NOT_ASKED_FOR = Set.of(
            "scopes",
            "audience",
            "grant",
            "binding",
            "use",
            "reason",
            "suite",
            "operation",
            "model",
            "upstream",
            "outcome",
            "key_class",
            "trigger",
            "action",
            "mode",
            "from",
            "to",
            "cause",
            "resource",
            "kind",
            "digest",
            "rule",
            "decision",
            "version",
            "owner",
            "service",
            "instance",
            "spiffe_id",
            "producer",
            "spool",
            "segment",
            "serial",
            "request_id",
            "approval_id",
            "opening_id",
            "capture_id",
            "capture_ids",
            "recipient",
            "signature",
            "hold",
            "held",
            "revocation_id",
            "incident_id");

    private final String parameter;

    @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
    private final Set<String> fields;

    EventQuery(String parameter, String... fields) {
        this.parameter = parameter;
        this.fields = Set.of(fields);
    }

    /// A question and the value asked for.
    public record Term(EventQuery query, String value) {}

    /// The name of the question in an address.
    public String parameter() {
        return parameter;
    }

    /// The question a field answers by its name alone.
    static Optional<EventQuery> ofField(String field) {
        return Arrays.stream(values())
                .filter(query -> query.fields.contains(field))
                .findFirst();
    }

    /// Whether another field beside it tells which question a field answers.
    static boolean isTold(String field) {
        return TOLD.stream().anyMatch(told -> told.field().equals(field));
    }

    /// Everything that an event is found by.
    public static Set<Term> terms(EventEnvelope event) {
        Set<Term> terms = new LinkedHashSet<>();
        terms.add(new Term(SOURCE, event.source()));
        terms.add(new Term(TYPE, event.type()));
        event.data()
                .forEach((field, value) -> ofField(field)
                        .ifPresent(query -> texts(value).forEach(text -> terms.add(new Term(query, text)))));
        for (Told told : TOLD) {
            if (event.data().get(told.by()) instanceof String kind
                    && event.data().get(told.field()) instanceof String value) {
                Optional.ofNullable(KINDS.get(kind)).ifPresent(query -> terms.add(new Term(query, value)));
            }
        }
        return terms;
    }

    private static Stream<String> texts(Object value) {
        return switch (value) {
            case String text -> Stream.of(text);
            case List<?> list -> list.stream().filter(String.class::isInstance).map(String.class::cast);
            default -> Stream.empty();
        };
    }
}
