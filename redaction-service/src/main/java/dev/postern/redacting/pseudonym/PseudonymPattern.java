package dev.postern.redacting.pseudonym;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import java.util.Collection;
import java.util.regex.Pattern;

/// What has the form of a pseudonym of one of some types, whether or not it stands for anything.
public record PseudonymPattern(Pattern regex) {
    /// What may be the pseudonym of anything that a policy may give one: of all but secrets.
    public static PseudonymPattern ofAny(Collection<Entity> entities) {
        return of(entities.stream()
                .filter(entity -> entity.action() != Action.REMOVE)
                .map(Entity::kind)
                .distinct()
                .toList());
    }

    public static PseudonymPattern of(Collection<String> types) {
        return new PseudonymPattern(Pattern.compile("(?<![A-Za-z0-9])(?:" + String.join("|", types)
                + ")_[0-9A-HJKMNP-TV-Z]{" + PseudonymCode.CODE_LENGTH + "}(?![A-Za-z0-9])"));
    }
}
