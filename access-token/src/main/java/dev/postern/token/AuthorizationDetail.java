package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One element of `authorization_details` (RFC 9396): a closed set of types. Several of one type narrow each other:
/// something is allowed when *each* allows it.
public sealed interface AuthorizationDetail {

    /// At most this many in a request or token.
    int MAX_DETAILS = 16;

    /// The models that may be used; patterns are exact names, or a beginning followed by `*`.
    record Models(Set<String> patterns) implements AuthorizationDetail {
        static final String TYPE = "postern_models";

        public Models {
            patterns = NamePattern.checked(patterns);
        }

        public boolean allows(String model) {
            return NamePattern.anyMatches(patterns, model);
        }
    }

    /// The live topics that may be used, and how.
    record Topics(Set<String> patterns, Set<Action> actions) implements AuthorizationDetail {
        static final String TYPE = "postern_topics";

        /// What may be done with a topic.
        public enum Action {
            PUBLISH("publish"),
            SUBSCRIBE("subscribe");

            private static final Map<String, Action> BY_NAME = Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(Action::wireName, Function.identity()));

            private final String wireName;

            Action(String wireName) {
                this.wireName = wireName;
            }

            public String wireName() {
                return wireName;
            }
        }

        public Topics {
            patterns = NamePattern.checked(patterns);
            actions = Set.copyOf(actions);
            if (actions.isEmpty()) {
                throw new IllegalArgumentException("topics need at least one action");
            }
        }

        public boolean allows(String topic, Action action) {
            return actions.contains(action) && NamePattern.anyMatches(patterns, topic);
        }
    }

    /// The most that may be used over the token's whole life.
    ///
    /// @param requests how many requests
    /// @param modelTokens tokens in and out together
    /// @param spendMicros millionths of the platform's currency unit
    record Budget(OptionalLong requests, OptionalLong modelTokens, OptionalLong spendMicros)
            implements AuthorizationDetail {
        static final String TYPE = "postern_budget";
        static final long MAX = 1_000_000_000_000_000L;

        public Budget {
            if (requests.isEmpty() && modelTokens.isEmpty() && spendMicros.isEmpty()) {
                throw new IllegalArgumentException("a budget limits something");
            }
        }
    }

    /// The types there are, for metadata.
    static List<String> types() {
        return List.of(Models.TYPE, Topics.TYPE, Budget.TYPE);
    }

    /// Whether everything that `narrower` allows is allowed by this as well. Details of different types say nothing
    /// about each other.
    default boolean covers(AuthorizationDetail narrower) {
        return switch (this) {
            case Models(Set<String> patterns) ->
                narrower instanceof Models other && NamePattern.covers(patterns, other.patterns());
            case Topics topics ->
                narrower instanceof Topics other
                        && topics.actions().containsAll(other.actions())
                        && NamePattern.covers(topics.patterns(), other.patterns());
            case Budget budget ->
                narrower instanceof Budget other
                        && within(other.requests(), budget.requests())
                        && within(other.modelTokens(), budget.modelTokens())
                        && within(other.spendMicros(), budget.spendMicros());
        };
    }

    private static boolean within(OptionalLong narrower, OptionalLong wider) {
        return wider.isEmpty() || (narrower.isPresent() && narrower.getAsLong() <= wider.getAsLong());
    }

    /// The element as JSON members, in a fixed order.
    default Map<String, Object> toMembers() {
        Map<String, Object> members = new LinkedHashMap<>();
        switch (this) {
            case Models(Set<String> patterns) -> {
                members.put("type", Models.TYPE);
                members.put("models", List.copyOf(new TreeSet<>(patterns)));
            }
            case Topics(Set<String> patterns, Set<Topics.Action> actions) -> {
                members.put("type", Topics.TYPE);
                members.put("topics", List.copyOf(new TreeSet<>(patterns)));
                members.put(
                        "actions",
                        actions.stream().map(Topics.Action::wireName).sorted().toList());
            }
            case Budget(OptionalLong requests, OptionalLong modelTokens, OptionalLong spendMicros) -> {
                members.put("type", Budget.TYPE);
                requests.ifPresent(most -> members.put("requests", most));
                modelTokens.ifPresent(most -> members.put("model_tokens", most));
                spendMicros.ifPresent(most -> members.put("spend_micros", most));
            }
        }
        return members;
    }

    /// Reads a JSON array of details, strictly: an unknown type or member refuses the whole.
    ///
    /// @throws IllegalArgumentException with one sentence that quotes nothing
    static List<AuthorizationDetail> parse(String json) {
        try {
            return parse(Claims.JSON.readTree(json));
        } catch (JacksonException | TokenRejected _) {
            throw new IllegalArgumentException("authorization_details is not an array of the documented types");
        }
    }

    /// The details of a token.
    static List<AuthorizationDetail> parse(JsonNode array) throws TokenRejected {
        if (!array.isArray() || array.size() > MAX_DETAILS) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        List<AuthorizationDetail> details = new ArrayList<>();
        for (JsonNode element : array) {
            try {
                details.add(one(element));
            } catch (IllegalArgumentException _) {
                throw new TokenRejected(Reason.MALFORMED);
            }
        }
        return List.copyOf(details);
    }

    private static AuthorizationDetail one(JsonNode element) throws TokenRejected {
        if (!element.isObject()) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        Claims detail = new Claims(element);
        return switch (detail.text("type")) {
            case Models.TYPE -> {
                detail.requireOnly(Set.of("type", "models"));
                yield new Models(detail.texts("models"));
            }
            case Topics.TYPE -> {
                detail.requireOnly(Set.of("type", "topics", "actions"));
                yield new Topics(
                        detail.texts("topics"),
                        detail.texts("actions").stream()
                                .map(AuthorizationDetail::action)
                                .collect(Collectors.toUnmodifiableSet()));
            }
            case Budget.TYPE -> {
                detail.requireOnly(Set.of("type", "requests", "model_tokens", "spend_micros"));
                yield new Budget(
                        detail.optionalNumber("requests", Budget.MAX),
                        detail.optionalNumber("model_tokens", Budget.MAX),
                        detail.optionalNumber("spend_micros", Budget.MAX));
            }
            default -> throw new TokenRejected(Reason.MALFORMED);
        };
    }

    private static Topics.Action action(String name) {
        Topics.Action action = Topics.Action.BY_NAME.get(name);
        if (action == null) {
            throw new IllegalArgumentException("not an action on topics");
        }
        return action;
    }
}
