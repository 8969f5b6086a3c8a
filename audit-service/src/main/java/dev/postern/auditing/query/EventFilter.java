package dev.postern.auditing.query;

import dev.postern.audit.EventQuery;
import dev.postern.audit.EventType;
import dev.postern.auditing.index.IndexQuery;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What `GET /v1/events` is asked for, parsed once. Everything that is asked for must be met.
///
/// | parameter | |
/// |---|---|
/// | each of [EventQuery] | the value that an event must have |
/// | `since`, `until` | RFC 3339; happened then or later, happened before |
/// | `limit` | 1 to 1000 events, 100 with proofs |
/// | `after` | goes on where a page ended |
/// | `proof` | `true`: each event with its proof |
///
/// @param proofs whether each event is wanted with its proof
record EventFilter(IndexQuery query, boolean proofs) {
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 1_000;
    private static final int MOST_WITH_PROOFS = 100;
    private static final int LONGEST_VALUE = 256;
    /// What RFC 3339 can write.
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern CURSOR = Pattern.compile("([0-9]{4}w[0-5][0-9]):([0-9]{1,15})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final String SINCE = "since";
    private static final String UNTIL = "until";
    private static final String LIMIT = "limit";
    private static final String AFTER = "after";
    private static final String PROOF = "proof";
    private static final Set<String> KNOWN = Stream.concat(
                    Arrays.stream(EventQuery.values()).map(EventQuery::parameter),
                    Stream.of(SINCE, UNTIL, LIMIT, AFTER, PROOF))
            .collect(Collectors.toUnmodifiableSet());

    /// @throws ProblemException when a parameter is unknown, comes twice, or is of no use as it is: a question that is
    /// not understood is not answered with all events
    static EventFilter of(Map<String, String[]> parameters) {
        parameters.forEach((name, values) -> {
            if (!KNOWN.contains(name) || values.length != 1 || values[0].isEmpty()) {
                throw malformed();
            }
        });
        Set<EventQuery.Term> terms = new HashSet<>();
        for (EventQuery query : EventQuery.values()) {
            value(parameters, query.parameter()).ifPresent(value -> terms.add(new EventQuery.Term(query, value)));
        }
        for (EventQuery.Term term : terms) {
            boolean unknownType = term.query() == EventQuery.TYPE
                    && EventType.ofWireName(term.value()).isEmpty();
            if (unknownType || term.value().length() > LONGEST_VALUE) {
                throw malformed();
            }
        }
        boolean proofs = value(parameters, PROOF).map(EventFilter::truth).orElse(false);
        return new EventFilter(
                new IndexQuery(
                        terms,
                        value(parameters, SINCE).map(EventFilter::time),
                        value(parameters, UNTIL).map(EventFilter::time),
                        value(parameters, AFTER).map(EventFilter::cursor),
                        value(parameters, LIMIT)
                                .map(text -> limit(text, proofs ? MOST_WITH_PROOFS : MOST))
                                .orElse(USUAL_LIMIT)),
                proofs);
    }

    private static Optional<String> value(Map<String, String[]> parameters, String name) {
        return Optional.ofNullable(parameters.get(name)).map(values -> values[0]);
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed();
        };
    }

    private static Instant time(String text) {
        try {
            Instant time = Instant.parse(text);
            if (time.isBefore(FIRST) || time.isAfter(LAST)) {
                throw malformed();
            }
            return time;
        } catch (DateTimeException _) {
            throw malformed();
        }
    }

    private static int limit(String text, int most) {
        int limit = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > most) {
            throw malformed();
        }
        return limit;
    }

    /// What a page names as its end.
    static String cursor(Position place) {
        return place.shard() + ":" + place.index();
    }

    private static Position cursor(String text) {
        Matcher matcher = CURSOR.matcher(text);
        if (!matcher.matches()) {
            throw malformed();
        }
        return new Position(new ShardName(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private static ProblemException malformed() {
        return new ProblemException(Problem.MALFORMED);
    }
}
