package dev.postern.policy;

import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.Facts.Client;
import dev.postern.policy.Facts.Quota;
import dev.postern.policy.Facts.Request;
import dev.postern.policy.Facts.Token;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON form of facts: members are named like the variables of conditions.
final class FactsJson {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final long YEAR_9999 = 253_402_300_799L;
    private static final Set<String> SENSITIVITIES = Set.of("public", "internal", "confidential", "restricted");

    private FactsJson() {}

    static String write(Facts facts) {
        ObjectNode root = JsonCursor.JSON.createObjectNode();
        ObjectNode client = root.putObject("client");
        client.put("id", facts.client().id());
        client.put("tenant", facts.client().tenant());
        texts(client, "roles", facts.client().roles());
        client.put(
                "sensitivity_clearance", facts.client().sensitivityClearance().wireName());
        ObjectNode token = root.putObject("token");
        token.put("age_s", facts.token().ageSeconds());
        token.put("use", facts.token().use());
        texts(token, "scopes", facts.token().scopes());
        token.put("bound", facts.token().bound());
        token.put("subject", facts.token().subject());
        texts(token, "actors", facts.token().actors());
        Request request = facts.request();
        root.putObject("request")
                .put("model", request.model())
                .put("operation", request.operation())
                .put("topic", request.topic())
                .put("latency_class", request.latencyClass().wireName())
                .put("sensitivity", request.sensitivity().wireName())
                .put("address", request.address())
                .put("region", request.region())
                .put("streamed", request.streamed());
        root.putObject("quota")
                .put("requests_left", facts.quota().requestsLeft())
                .put("model_tokens_left", facts.quota().modelTokensLeft())
                .put("spend_left_micros", facts.quota().spendLeftMicros());
        Anomaly anomaly = facts.anomaly();
        root.putObject("anomaly")
                .put("score", anomaly.score())
                .put("usage", anomaly.usage())
                .put("region_drift", anomaly.regionDrift())
                .put("aead_failures", anomaly.aeadFailures())
                .put("sequence_gaps", anomaly.sequenceGaps());
        root.put("now", Instant.ofEpochSecond(facts.now().getEpochSecond()).toString());
        return root.toString();
    }

    private static void texts(ObjectNode to, String member, List<String> texts) {
        ArrayNode array = to.putArray(member);
        texts.forEach(array::add);
    }

    static Facts read(String json) throws PolicyRejected {
        JsonCursor root =
                JsonCursor.document(json, MAX_LENGTH, Set.of("client", "token", "request", "quota", "anomaly", "now"));
        Client client = part(
                root,
                "client",
                Set.of("id", "tenant", "roles", "sensitivity_clearance"),
                FactsJson::client,
                Client.NOBODY);
        Token token = part(
                root,
                "token",
                Set.of("age_s", "use", "scopes", "bound", "subject", "actors"),
                FactsJson::token,
                Token.NONE);
        Request request = part(
                root,
                "request",
                Set.of("model", "operation", "topic", "latency_class", "sensitivity", "address", "region", "streamed"),
                FactsJson::request,
                Request.NONE);
        Quota quota = part(
                root,
                "quota",
                Set.of("requests_left", "model_tokens_left", "spend_left_micros"),
                FactsJson::quota,
                Quota.UNKNOWN);
        Anomaly anomaly = part(
                root,
                "anomaly",
                Set.of("score", "usage", "region_drift", "aead_failures", "sequence_gaps"),
                FactsJson::anomaly,
                Anomaly.NONE);
        Facts facts = new Facts(client, token, request, quota, anomaly, now(root));
        root.requireNoProblems();
        return facts;
    }

    private static <T> T part(
            JsonCursor root, String name, Set<String> members, Function<JsonCursor, T> read, T missing) {
        Optional<JsonCursor> part = root.member(name);
        return part.isPresent() && part.get().isObjectOf(members) ? read.apply(part.get()) : missing;
    }

    private static Client client(JsonCursor from) {
        return new Client(
                from.optionalText("id", Facts.MAX_TEXT),
                from.optionalText("tenant", Facts.MAX_TEXT),
                from.texts("roles", Facts.MAX_LIST, Facts.MAX_TEXT),
                optionalNamed(
                        from, "sensitivity_clearance", Sensitivity::ofWireName, SENSITIVITIES, Sensitivity.PUBLIC));
    }

    private static Token token(JsonCursor from) {
        return new Token(
                from.optionalNumber("age_s", 0, YEAR_9999).orElse(0),
                from.optionalText("use", Facts.MAX_TEXT),
                from.texts("scopes", Facts.MAX_LIST, Facts.MAX_TEXT),
                from.flag("bound"),
                from.optionalText("subject", Facts.MAX_TEXT),
                from.texts("actors", Facts.MAX_LIST, Facts.MAX_TEXT));
    }

    private static Request request(JsonCursor from) {
        return new Request(
                from.optionalText("model", Facts.MAX_TEXT),
                from.optionalText("operation", Facts.MAX_TEXT),
                from.optionalText("topic", Facts.MAX_TEXT),
                optionalNamed(
                        from,
                        "latency_class",
                        LatencyClass::ofWireName,
                        Set.of("interactive", "batch"),
                        LatencyClass.INTERACTIVE),
                optionalNamed(from, "sensitivity", Sensitivity::ofWireName, SENSITIVITIES, Sensitivity.INTERNAL),
                from.optionalText("address", Facts.MAX_TEXT),
                from.optionalText("region", Facts.MAX_TEXT),
                from.flag("streamed"));
    }

    private static Quota quota(JsonCursor from) {
        return new Quota(left(from, "requests_left"), left(from, "model_tokens_left"), left(from, "spend_left_micros"));
    }

    private static long left(JsonCursor from, String name) {
        return from.optionalNumber(name, Quota.UNLIMITED, Long.MAX_VALUE).orElse(Quota.UNLIMITED);
    }

    private static Anomaly anomaly(JsonCursor from) {
        return new Anomaly(
                from.score("score"),
                from.score("usage"),
                from.score("region_drift"),
                from.score("aead_failures"),
                from.score("sequence_gaps"));
    }

    private static <T> T optionalNamed(
            JsonCursor from, String name, Function<String, Optional<T>> byName, Set<String> names, T missing) {
        return from.member(name).isEmpty()
                ? missing
                : from.named(name, byName, Arrays.asList(names.toArray(String[]::new)))
                        .orElse(missing);
    }

    private static Instant now(JsonCursor root) {
        String text = root.text("now", 1, 40);
        try {
            Instant now = Instant.parse(text);
            if (now.getEpochSecond() >= 0 && now.getEpochSecond() <= YEAR_9999) {
                return now;
            }
        } catch (DateTimeParseException _) {
            // Said below.
        }
        if (!text.isEmpty()) {
            root.member("now")
                    .ifPresent(
                            member -> member.problem("This must be a time like 2026-11-25T03:00:00Z, from 1970 on."));
        }
        return Instant.EPOCH;
    }
}
