package dev.postern.redacting.answer;

import dev.postern.redact.entity.Entity;

/// What becomes of values that the model wrote itself, and that stand for nothing of the caller's. What the rule packs
/// keep in prompts (web addresses, dates) is kept in answers as well.
///
/// @param secrets keys, tokens and passwords
/// @param personalData all other kinds, but for names
/// @param names names of people. A sentence is held until it has ended
public record AnswerPolicy(Treatment secrets, Treatment personalData, Treatment names) {
    public static final AnswerPolicy KEEP_ALL = new AnswerPolicy(Treatment.KEEP, Treatment.KEEP, Treatment.KEEP);

    /// What becomes of one kind.
    public enum Treatment {
        /// It goes to the caller as the model wrote it.
        KEEP,
        /// A note that something was removed stands in its place.
        REDACT
    }

    private static final String NAME_OF_A_PERSON = "PERSON";

    boolean redactsNothing() {
        return equals(KEEP_ALL);
    }

    boolean redacts(Entity entity) {
        Treatment treatment = switch (entity.action()) {
            case KEEP -> Treatment.KEEP;
            case REMOVE -> secrets;
            case PSEUDONYMISE -> entity.name().equals(NAME_OF_A_PERSON) ? names : personalData;
        };
        return treatment == Treatment.REDACT;
    }
}
