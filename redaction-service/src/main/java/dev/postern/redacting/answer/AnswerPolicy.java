package dev.postern.redacting.answer;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import java.util.Set;

/// What becomes of values that the model wrote itself, and that stand for nothing of the caller's, where the tenant's
/// policy leaves it open.
///
/// @param secrets keys, tokens and passwords
/// @param personalData all other kinds, but for names
/// @param names names of people; of places, organisations and groups where they have pseudonyms. A sentence is held
///     until it has ended
public record AnswerPolicy(Treatment secrets, Treatment personalData, Treatment names) {
    public static final AnswerPolicy KEEP_ALL = new AnswerPolicy(Treatment.KEEP, Treatment.KEEP, Treatment.KEEP);

    /// What becomes of one kind.
    public enum Treatment {
        /// It goes to the caller as the model wrote it.
        KEEP,
        /// A note that something was removed stands in its place.
        REDACT
    }

    private static final Set<String> NAMES = Set.of("PERSON", "LOCATION", "ORGANIZATION", "NRP");

    boolean redacts(Entity entity) {
        Treatment treatment =
                entity.action() == Action.REMOVE ? secrets : NAMES.contains(entity.name()) ? names : personalData;
        return treatment == Treatment.REDACT;
    }
}
