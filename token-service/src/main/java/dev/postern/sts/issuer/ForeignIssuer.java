package dev.postern.sts.issuer;

import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A foreign issuer on the allow-list: how its tokens are verified, and the most that they are exchanged for.
///
/// @param name by which clients' registrations name it
/// @param issuer its exact `iss`
/// @param jwksUri where its keys are read
/// @param jwks its keys, where they are not read anywhere; a JWK set
/// @param audience that its tokens must be for
/// @param algorithms of signatures that are taken
/// @param subjectPattern an exact subject, or a beginning followed by `*`
/// @param scopes the most that is granted for its tokens
/// @param audiences that tokens exchanged from its may be for
/// @param tenant of its subjects
/// @param clientIds who may exchange its tokens
/// @param version rises with each change
public record ForeignIssuer(
        String name,
        String issuer,
        Type type,
        Optional<URI> jwksUri,
        Optional<String> jwks,
        String audience,
        Set<String> algorithms,
        String subjectPattern,
        Set<String> scopes,
        Set<String> audiences,
        String tenant,
        Set<String> clientIds,
        long version) {

    /// What kind of tokens it issues.
    public enum Type {
        /// OpenID Connect ID tokens or JWT access tokens.
        OIDC,
        /// Kubernetes service account tokens.
        KUBERNETES,
        /// SPIFFE JWT-SVIDs.
        SPIFFE;

        private static final Map<String, Type> BY_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Type::wireName, Function.identity()));

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Map<String, Type> byName() {
            return BY_NAME;
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public ForeignIssuer {
        algorithms = Set.copyOf(algorithms);
        scopes = Set.copyOf(scopes);
        audiences = Set.copyOf(audiences);
        clientIds = Set.copyOf(clientIds);
        if (jwksUri.isPresent() == jwks.isPresent()) {
            throw new IllegalArgumentException("an issuer's keys come from one place");
        }
    }

    /// All members, in a fixed order.
    public Map<String, Object> toMembers() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("issuer", issuer);
        members.put("type", type.wireName());
        jwksUri.ifPresent(uri -> members.put("jwks_uri", uri.toString()));
        jwks.ifPresent(keys -> members.put("jwks", JSON.readTree(keys)));
        members.put("audience", audience);
        members.put("algorithms", List.copyOf(new TreeSet<>(algorithms)));
        members.put("subject_pattern", subjectPattern);
        members.put("scopes", List.copyOf(new TreeSet<>(scopes)));
        members.put("audiences", List.copyOf(new TreeSet<>(audiences)));
        members.put("tenant", tenant);
        members.put("client_ids", List.copyOf(new TreeSet<>(clientIds)));
        members.put("version", version);
        return members;
    }

    String toJson() {
        return JSON.writeValueAsString(toMembers());
    }

    /// From what [#toJson] wrote.
    static ForeignIssuer stored(String document, long version) {
        JsonNode members = JSON.readTree(document);
        @Nullable JsonNode keys = members.get("jwks");
        Type type = Type.byName().get(members.path("type").stringValue(""));
        if (type == null) {
            throw new IllegalStateException("the database holds an issuer of an unknown type");
        }
        return new ForeignIssuer(
                members.path("name").stringValue(""),
                members.path("issuer").stringValue(""),
                type,
                Optional.ofNullable(members.get("jwks_uri")).map(uri -> URI.create(uri.stringValue(""))),
                Optional.ofNullable(keys).map(JsonNode::toString),
                members.path("audience").stringValue(""),
                texts(members.path("algorithms")),
                members.path("subject_pattern").stringValue(""),
                texts(members.path("scopes")),
                texts(members.path("audiences")),
                members.path("tenant").stringValue(""),
                texts(members.path("client_ids")),
                version);
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(element -> texts.add(element.stringValue("")));
        return texts;
    }
}
