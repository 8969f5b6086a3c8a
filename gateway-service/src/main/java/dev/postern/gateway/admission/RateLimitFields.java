package dev.postern.gateway.admission;

import dev.postern.gateway.admission.LimitKind.Shape;
import dev.postern.gateway.admission.LimitKind.Unit;
import dev.postern.gateway.admission.Verdict.Standing;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/// Tells a client where it stands, admitted or refused, in the three ways that clients read:
/// - `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): every limit by its name, with `q`
///   the most at once, `w` the seconds in which that refills, `qu` what is counted, `r` what is left and `t` the
///   seconds until all of it is back;
/// - `RateLimit-Limit`, `-Remaining` and `-Reset` of the drafts up to 06, which most libraries know: of the limit that
///   refused, else of the tightest limit on requests;
/// - `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, which OpenAI's clients know: of the tightest limit on
///   requests and on model tokens.
/// A refusal has `Retry-After` when waiting helps, and `x-should-retry: false` (which keeps OpenAI's clients from
/// asking again at once) when it is a matter of hours.
public final class RateLimitFields {
    static final String POLICY = "RateLimit-Policy";
    static final String CURRENT = "RateLimit";
    static final String LIMIT = "RateLimit-Limit";
    static final String REMAINING = "RateLimit-Remaining";
    static final String RESET = "RateLimit-Reset";
    static final String SHOULD_RETRY = "x-should-retry";
    private static final List<String> NAMES = List.of(
            POLICY,
            CURRENT,
            LIMIT,
            REMAINING,
            RESET,
            SHOULD_RETRY,
            openAi("limit", "requests"),
            openAi("remaining", "requests"),
            openAi("reset", "requests"),
            openAi("limit", "tokens"),
            openAi("remaining", "tokens"),
            openAi("reset", "tokens"));

    /// The largest integer of a structured field (RFC 9651 section 3.3.1).
    private static final long MOST = 999_999_999_999_999L;

    private RateLimitFields() {}

    /// Every header that may appear, but `Retry-After`.
    public static List<String> names() {
        return NAMES;
    }

    static void write(Verdict verdict, HttpHeaders headers) {
        List<Standing> standings = verdict.standings();
        if (standings.isEmpty()) {
            return;
        }
        headers.set(POLICY, standings.stream().map(RateLimitFields::policy).collect(Collectors.joining(", ")));
        headers.set(CURRENT, standings.stream().map(RateLimitFields::current).collect(Collectors.joining(", ")));
        Optional<Standing> requests = tightest(standings, Unit.REQUESTS);
        verdict.refusing()
                .flatMap(meter -> standings.stream()
                        .filter(standing -> standing.meter().equals(meter))
                        .findFirst())
                .or(() -> requests)
                .ifPresent(standing -> writeOne(standing, headers));
        requests.ifPresent(standing -> writeOpenAi("requests", standing, headers));
        tightest(standings, Unit.MODEL_TOKENS).ifPresent(standing -> writeOpenAi("tokens", standing, headers));
        verdict.refusing().ifPresent(meter -> writeRefusal(meter, verdict.retryMillis(), headers));
    }

    private static Optional<Standing> tightest(List<Standing> standings, Unit unit) {
        return standings.stream()
                .filter(standing -> standing.meter().kind().unit() == unit)
                .min(Comparator.comparingLong(Standing::left));
    }

    private static String policy(Standing standing) {
        Meter meter = standing.meter();
        return '"' + meter.name() + "\";q=" + Math.min(MOST, meter.limit()) + window(meter) + ";qu=\""
                + meter.kind().unit().wireName() + '"';
    }

    private static String window(Meter meter) {
        return switch (meter.kind().shape()) {
            case BUCKET -> ";w=" + Math.max(1, Math.ceilDiv(meter.limit() * 60, meter.perMinute()));
            case DAY -> ";w=86400";
            case PLACES, LIFE -> "";
        };
    }

    private static String current(Standing standing) {
        boolean resets = standing.meter().kind().shape() != Shape.PLACES && standing.resetMillis() != Verdict.NEVER;
        return '"' + standing.meter().name() + "\";r=" + Math.min(MOST, standing.left())
                + (resets ? ";t=" + seconds(standing.resetMillis()) : "");
    }

    private static void writeOne(Standing standing, HttpHeaders headers) {
        headers.set(LIMIT, Long.toString(standing.meter().limit()));
        headers.set(REMAINING, Long.toString(standing.left()));
        if (standing.resetMillis() != Verdict.NEVER) {
            headers.set(RESET, Long.toString(seconds(standing.resetMillis())));
        }
    }

    private static void writeOpenAi(String what, Standing standing, HttpHeaders headers) {
        headers.set(openAi("limit", what), Long.toString(standing.meter().limit()));
        headers.set(openAi("remaining", what), Long.toString(standing.left()));
        if (standing.resetMillis() != Verdict.NEVER) {
            headers.set(openAi("reset", what), duration(standing.resetMillis()));
        }
    }

    private static void writeRefusal(Meter meter, long retryMillis, HttpHeaders headers) {
        if (retryMillis != Verdict.NEVER) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds(retryMillis))));
        }
        if (meter.kind().isBudget()) {
            headers.set(SHOULD_RETRY, "false");
        }
    }

    private static String openAi(String which, String what) {
        return "x-ratelimit-" + which + '-' + what;
    }

    private static long seconds(long millis) {
        return Math.ceilDiv(millis, 1000L);
    }

    /// As OpenAI writes it: `120ms`, `1s`, `6m0s`, `2h0m5s`.
    static String duration(long millis) {
        if (millis < 1000) {
            return millis + "ms";
        }
        long seconds = seconds(millis);
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        return (hours > 0 ? hours + "h" : "") + (seconds >= 60 ? minutes + "m" : "") + seconds % 60 + "s";
    }
}
