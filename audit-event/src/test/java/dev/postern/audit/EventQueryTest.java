package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.EventQuery.Term;
import dev.postern.audit.envelope.EventEnvelope;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EventQueryTest {
    private static final String SOURCE = "spiffe://postern.local/service/token-service";

    private static EventEnvelope envelope(AuditEvent event) {
        return new EventEnvelope(
                SOURCE, "00", "00.11.1", 1, event.type(), Instant.parse("2026-11-23T12:00:00Z"), EventFields.of(event));
    }

    private static boolean isText(RecordComponent component) {
        return component.getType() == String.class
                || component.getType() == Optional.class
                || component.getType() == Set.class;
    }

    /// A new event with a new identifier: name it in [EventQuery], for a question or as one that nobody asks for.
    @ParameterizedTest
    @EnumSource
    void everyTextOfEveryEventAnswersOneQuestionOrIsSaidToAnswerNone(EventType type) {
        for (RecordComponent component : type.record().getRecordComponents()) {
            if (isText(component)) {
                String field = EventFields.fieldName(component.getName());
                List<String> ways = new ArrayList<>();
                EventQuery.ofField(field).ifPresent(query -> ways.add(query.parameter()));
                if (EventQuery.isTold(field)) {
                    ways.add("by the field beside it");
                }
                if (EventQuery.NOT_ASKED_FOR.contains(field)) {
                    ways.add("not asked for");
                }
                assertThat(ways).as(type + "." + field).hasSize(1);
            }
        }
    }

    @Test
    void nothingIsExcludedThatNoEventHas() {
        Set<String> fields = new HashSet<>();
        for (EventType type : EventType.values()) {
            for (RecordComponent component : type.record().getRecordComponents()) {
                fields.add(EventFields.fieldName(component.getName()));
            }
        }
        assertThat(fields).containsAll(EventQuery.NOT_ASKED_FOR);
    }

    @Test
    void anIssueIsFoundByItsTokenAndTheOneItWasMadeFrom() {
        assertThat(EventQuery.terms(envelope(EventSamples.all().getFirst())))
                .containsExactlyInAnyOrder(
                        new Term(EventQuery.SOURCE, SOURCE),
                        new Term(EventQuery.TYPE, "dev.postern.token.issued"),
                        new Term(EventQuery.CREDENTIAL, "jti-1"),
                        new Term(EventQuery.CREDENTIAL, "jti-0"),
                        new Term(EventQuery.KEY, "kid-1"),
                        new Term(EventQuery.SESSION, "sid-1"),
                        new Term(EventQuery.TENANT, "acme"),
                        new Term(EventQuery.CLIENT, "demo"));
    }

    @Test
    void aRevocationIsFoundByWhatItRevokes() {
        assertThat(EventQuery.terms(envelope(new RevocationIssued("r", "security/alice", "subject", "c0ffee", "left"))))
                .contains(new Term(EventQuery.SUBJECT, "c0ffee"), new Term(EventQuery.ACTOR, "security/alice"));
        assertThat(EventQuery.terms(envelope(new RevocationIssued("r", "security/alice", "token", "jti-1", "left"))))
                .contains(new Term(EventQuery.CREDENTIAL, "jti-1"));
        assertThat(EventQuery.terms(envelope(new AdminChanged("a", "client-created", "client", "demo"))))
                .contains(new Term(EventQuery.CLIENT, "demo"));
        assertThat(EventQuery.terms(envelope(new AdminChanged("a", "scope-created", "scope", "llm:invoke"))))
                .extracting(Term::value)
                .doesNotContain("llm:invoke");
    }

    @Test
    void aCompromiseIsFoundByEachOfItsKeys() {
        AuditEvent report = EventSamples.all().get(9);
        assertThat(EventQuery.terms(envelope(report))).contains(new Term(EventQuery.KEY, "kid-1"));
    }
}
