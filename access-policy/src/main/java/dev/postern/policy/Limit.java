package dev.postern.policy;

import dev.postern.token.NamePattern;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How much may be used. Every limit that applies to a request must have room for it.
///
/// @param tenant a name, exact or by its beginning, or `*`; so are `client` and `model`
/// @param per whose use is counted together
/// @param burst how many requests at once; the requests of a minute if it is not set
/// @param modelTokensPerMinute tokens in and out together
/// @param concurrent requests at the same time
/// @param spendMicrosPerDay millionths of the currency unit, by [Price]
public record Limit(
        String id,
        String tenant,
        String client,
        String model,
        Per per,
        OptionalLong requestsPerMinute,
        OptionalLong burst,
        OptionalLong modelTokensPerMinute,
        OptionalLong concurrent,
        OptionalLong spendMicrosPerDay,
        OptionalLong requestsPerDay,
        OptionalLong modelTokensPerDay) {

    /// Whose use is counted together. Never that of two tenants.
    public enum Per {
        /// Each client that the limit applies to has one of its own.
        CLIENT("client"),
        /// All clients of a tenant that it applies to share one.
        TENANT("tenant");

        private static final Map<String, Per> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Per::wireName, Function.identity()));

        private final String wireName;

        Per(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        static Optional<Per> ofWireName(String name) {
            return Optional.ofNullable(BY_NAME.get(name));
        }
    }

    public boolean appliesTo(String ofTenant, String ofClient, String toModel) {
        return appliesTo(ofTenant, ofClient) && NamePattern.matches(model, toModel);
    }

    /// Whether it applies to this client for some model.
    public boolean appliesTo(String ofTenant, String ofClient) {
        return NamePattern.matches(tenant, ofTenant) && NamePattern.matches(client, ofClient);
    }

    /// The name, unique within a tenant, under which the use by a client is counted.
    public String bucket(String ofClient) {
        return switch (per) {
            case CLIENT -> id + ":" + ofClient;
            case TENANT -> id;
        };
    }
}
