package dev.postern.trust;

import dev.postern.token.Revocable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/// Something is taken back.
///
/// @param value the `jti`, `sid`, client id, subject, tenant or `kid`; at most 512 characters
/// @param at when; whole milliseconds
/// @param until after which every token it could mean has expired, so that it may be forgotten
/// @param reason a code such as `key-compromised`: lower-case letters, digits and hyphens; never free text
public record Revocation(Kind kind, String value, Instant at, Instant until, String reason) implements TrustChange {
    /// The longest life of a token and what clocks may differ by.
    public static final Duration MEMORY = Duration.ofMinutes(6);

    private static final int MAX_VALUE = 512;
    private static final Pattern REASON = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /// What is taken back. A token, session or key is gone for good; of a client, subject or tenant, what was issued
    /// until then is: it may come back with a new token, if it still gets one.
    public enum Kind {
        TOKEN,
        SESSION,
        CLIENT,
        SUBJECT,
        TENANT,
        KEY;

        /// `token`, `session`, …
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Revocation {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        until = until.truncatedTo(ChronoUnit.MILLIS);
        if (value.isBlank() || value.length() > MAX_VALUE) {
            throw new IllegalArgumentException("a revocation names something in at most 512 characters");
        }
        if (!REASON.matcher(reason).matches()) {
            throw new IllegalArgumentException("the reason of a revocation is a code");
        }
        if (!until.isAfter(at)) {
            throw new IllegalArgumentException("a revocation is remembered for a while");
        }
    }

    /// Remembered for as long as any token may live.
    public static Revocation of(Kind kind, String value, Instant at, String reason) {
        return new Revocation(kind, value, at, at.plus(MEMORY), reason);
    }

    /// Whether it means this token. Tokens tell their issue in whole seconds, so one issued later in the second of a
    /// client's revocation is meant too.
    public boolean matches(Revocable token) {
        return switch (kind) {
            case TOKEN -> value.equals(token.tokenId());
            case SESSION -> value.equals(token.sessionId());
            case KEY -> value.equals(token.keyId());
            case CLIENT ->
                // A service that acts for a client holds tokens with the client as subject.
                covers(token)
                        && (value.equals(token.clientId())
                                || value.equals(token.subject())
                                || token.actors().contains(value));
            case SUBJECT ->
                covers(token)
                        && (value.equals(token.subject()) || token.actors().contains(value));
            case TENANT -> covers(token) && value.equals(token.tenant());
        };
    }

    private boolean covers(Revocable token) {
        return !token.issuedAt().isAfter(at);
    }
}
