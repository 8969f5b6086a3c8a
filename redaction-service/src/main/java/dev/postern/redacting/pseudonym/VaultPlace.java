package dev.postern.redacting.pseudonym;

import dev.postern.kms.envelope.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a conversation lies in Redis. Both names are keyed hashes, from which nobody reads whose it is; all of a
/// tenant's lie in one slot of a cluster.
///
/// @param tenant       of the tenant alone
/// @param conversation of tenant, client and conversation
record VaultPlace(String tenant, String conversation) {
    static final String FAMILY = "postern:pseudonyms:";
    private static final String STORE = "pseudonyms";
    private static final Pattern KEY = Pattern.compile(Pattern.quote(FAMILY) + "\\{([^}]+)}:(\\d+\\.[\\w-]{22})");

    /// Of a key in Redis; nothing if it is no conversation's.
    static Optional<VaultPlace> of(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? Optional.of(new VaultPlace(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /// As `vault.lua` wants them.
    String[] keys() {
        String family = FAMILY + '{' + tenant + "}:";
        String key = family + conversation;
        return new String[] {key, key + ":order", family + "used", family + "weights"};
    }

    /// Of its sealed key.
    Place key() {
        return new Place(STORE, "key", tenant + '/' + conversation);
    }

    /// Of a record.
    Place record(String field) {
        return new Place(STORE, "record", tenant + '/' + conversation + '/' + field);
    }
}
