package dev.postern.redact.policy;

import dev.postern.redact.entity.Entity;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Less of a value: the year of a date, the network of an address, the decade of an age.
public final class Generalisation {
    private static final String DATE = "DATE";
    private static final String IP = "IP";
    private static final String AGE = "AGE";
    private static final Set<String> KINDS = Set.of(DATE, IP, AGE);
    private static final Pattern YEAR = Pattern.compile("(?<!\\d)(?:1[89]|20)\\d{2}(?!\\d)");
    private static final Pattern V4 = Pattern.compile("(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}");
    private static final Pattern YEARS = Pattern.compile("(?<!\\d)\\d{1,3}(?!\\d)");
    private static final int V6_GROUPS = 3;

    private Generalisation() {}

    /// Whether there is less to say of such values.
    static boolean offeredFor(Entity entity) {
        return KINDS.contains(entity.kind());
    }

    /// Empty when the value does not say what is asked for, as a date without its year.
    public static Optional<String> of(Entity entity, String value) {
        return switch (entity.kind()) {
            case DATE -> onlyMatch(YEAR, value);
            case IP -> network(value);
            case AGE -> onlyMatch(YEARS, value).map(years -> Integer.parseInt(years) / 10 * 10 + "s");
            default -> Optional.empty();
        };
    }

    /// Of two years in one value neither is more general than the other.
    private static Optional<String> onlyMatch(Pattern pattern, String value) {
        Matcher matcher = pattern.matcher(value);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String first = matcher.group();
        return matcher.find() ? Optional.empty() : Optional.of(first);
    }

    private static Optional<String> network(String value) {
        Matcher v4 = V4.matcher(value);
        if (v4.matches()) {
            return Optional.of(v4.group(1) + ".0/24");
        }
        return value.indexOf(':') >= 0 && value.indexOf('.') < 0 ? v6Network(value) : Optional.empty();
    }

    /// The first 48 bits. `::` among them stands for zeros.
    private static Optional<String> v6Network(String value) {
        String address = value.split("[%/\\]]", 2)[0].replace("[", "");
        int gap = address.indexOf("::");
        String[] before = (gap < 0 ? address : address.substring(0, gap)).split(":", -1);
        if (gap < 0 && before.length != 8) {
            return Optional.empty();
        }
        int after = gap < 0 || gap + 2 == address.length()
                ? 0
                : address.substring(gap + 2).split(":", -1).length;
        StringBuilder network = new StringBuilder();
        for (int group = 0; group < V6_GROUPS; group++) {
            boolean stated = group < before.length && !before[group].isEmpty();
            if (!stated && 8 - after <= group) {
                // The zeros end before the network does: as good as never.
                return Optional.empty();
            }
            network.append(stated ? before[group] : "0").append(':');
        }
        return Optional.of(network + ":/48");
    }
}
