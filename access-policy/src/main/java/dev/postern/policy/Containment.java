package dev.postern.policy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What policy wants done about behaviour that is too unusual.
public record Containment(String ruleId, Action action) {

    /// From the mildest to the strongest.
    public enum Action {
        /// What runs ends, and the token is taken back: the client proves itself again for a new one.
        REISSUE("reissue"),
        /// Everything that came from one authentication ends, exchanged tokens included.
        REVOKE_SESSION("revoke-session"),
        /// Everything of the client ends.
        REVOKE_CLIENT("revoke-client");

        private static final Map<String, Action> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Action::wireName, Function.identity()));

        private final String wireName;

        Action(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public static Optional<Action> ofWireName(String name) {
            return Optional.ofNullable(BY_NAME.get(name));
        }
    }
}
