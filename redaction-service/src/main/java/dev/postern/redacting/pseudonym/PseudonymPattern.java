package dev.postern.redacting.pseudonym;

import java.util.Collection;
import java.util.regex.Pattern;

/// What has the form of a pseudonym of one of some types, whether or not it stands for anything.
public record PseudonymPattern(Pattern regex) {
    public static PseudonymPattern of(Collection<String> types) {
        return new PseudonymPattern(Pattern.compile("(?<![A-Za-z0-9])(?:" + String.join("|", types)
                + ")_[0-9A-HJKMNP-TV-Z]{" + PseudonymCode.CODE_LENGTH + "}(?![A-Za-z0-9])"));
    }
}
