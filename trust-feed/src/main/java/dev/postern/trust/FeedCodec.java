package dev.postern.trust;

import dev.postern.trust.FeedRefused.Reason;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON inside the signature. Read strictly: a member that is unknown, missing, twice there or of another type
/// refuses the whole message, because a change that cannot be understood cannot be skipped either.
final class FeedCodec {
    private static final int VERSION = 1;
    private static final Set<String> MESSAGE = Set.of("v", "publisher", "generation", "seq", "issued_at", "changes");
    private static final Set<String> REVOCATION = Set.of("type", "kind", "value", "at", "until", "reason");
    private static final Set<String> POLICY = Set.of("type", "epoch", "minimum_epoch", "policies");
    private static final Set<String> KEYS = Set.of("type", "directory_version", "states");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxStringLength(PolicyPublished.MAX_LENGTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private FeedCodec() {}

    static byte[] encode(FeedMessage message) {
        ObjectNode json = JSON.createObjectNode();
        json.put("v", VERSION);
        json.put("publisher", message.publisher().toString());
        json.put("generation", message.position().generation());
        json.put("seq", message.position().seq());
        json.put("issued_at", message.issuedAt().toEpochMilli());
        ArrayNode changes = json.putArray("changes");
        message.changes().forEach(change -> changes.add(encode(change)));
        return JSON.writeValueAsBytes(json);
    }

    private static ObjectNode encode(TrustChange change) {
        ObjectNode json = JSON.createObjectNode();
        switch (change) {
            case Revocation revocation -> {
                json.put("type", "revocation");
                json.put("kind", revocation.kind().wireName());
                json.put("value", revocation.value());
                json.put("at", revocation.at().toEpochMilli());
                json.put("until", revocation.until().toEpochMilli());
                json.put("reason", revocation.reason());
            }
            case PolicyPublished policy -> {
                json.put("type", "policy");
                json.put("epoch", policy.epoch());
                json.put("minimum_epoch", policy.minimumEpoch());
                json.put("policies", policy.policySetJson());
            }
            case KeyStates keys -> {
                json.put("type", "keys");
                json.put("directory_version", keys.directoryVersion());
                ObjectNode states = json.putObject("states");
                keys.states().forEach((kid, state) -> states.put(kid, state.name()));
            }
        }
        return json;
    }

    static FeedMessage decode(byte[] payload) throws FeedRefused {
        try {
            return message(JSON.readTree(payload));
        } catch (JacksonException | IllegalArgumentException _) {
            throw new FeedRefused(Reason.MALFORMED);
        }
    }

    private static FeedMessage message(JsonNode json) {
        requireOnly(json, MESSAGE);
        require(number(json, "v") == VERSION);
        JsonNode changes = json.path("changes");
        require(changes.isArray() && changes.size() <= TrustView.MAX_REVOCATIONS + 2);
        List<TrustChange> decoded = new ArrayList<>(changes.size());
        for (JsonNode change : changes) {
            decoded.add(change(change));
        }
        return new FeedMessage(
                URI.create(text(json, "publisher")),
                new FeedPosition(number(json, "generation"), number(json, "seq")),
                time(json, "issued_at"),
                decoded);
    }

    private static TrustChange change(JsonNode json) {
        return switch (text(json, "type")) {
            case "revocation" -> revocation(json);
            case "policy" -> policy(json);
            case "keys" -> keys(json);
            default -> throw new IllegalArgumentException("unknown change");
        };
    }

    private static Revocation revocation(JsonNode json) {
        requireOnly(json, REVOCATION);
        String kind = text(json, "kind");
        require(kind.equals(kind.toLowerCase(Locale.ROOT)));
        return new Revocation(
                Revocation.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                text(json, "value"),
                time(json, "at"),
                time(json, "until"),
                text(json, "reason"));
    }

    private static PolicyPublished policy(JsonNode json) {
        requireOnly(json, POLICY);
        return new PolicyPublished(number(json, "epoch"), number(json, "minimum_epoch"), text(json, "policies"));
    }

    private static KeyStates keys(JsonNode json) {
        requireOnly(json, KEYS);
        JsonNode states = json.path("states");
        require(states.isObject() && states.size() <= KeyStates.MAX_KEYS);
        Map<String, KeyStates.State> decoded = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> state : states.properties()) {
            require(state.getValue().isString());
            decoded.put(state.getKey(), KeyStates.State.valueOf(state.getValue().stringValue()));
        }
        return new KeyStates(number(json, "directory_version"), decoded);
    }

    private static void requireOnly(JsonNode json, Set<String> members) {
        require(json.isObject() && Set.copyOf(json.propertyNames()).equals(members));
    }

    private static String text(JsonNode json, String member) {
        JsonNode value = json.path(member);
        require(value.isString());
        return value.stringValue();
    }

    private static long number(JsonNode json, String member) {
        JsonNode value = json.path(member);
        require(value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0);
        return value.longValue();
    }

    private static Instant time(JsonNode json, String member) {
        return Instant.ofEpochMilli(number(json, member));
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("not a message of the feed");
        }
    }
}
