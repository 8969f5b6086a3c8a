package dev.postern.sts.client;

import dev.postern.sts.client.ClientPolicy.Binding;
import dev.postern.sts.client.ClientPolicy.Exchange;
import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client as JSON: in the bootstrap file, in the admin API and, its policy, in the database.
///
/// Reading is strict: an unknown member, or one of the wrong type, refuses the whole with one sentence that quotes
/// nothing.
public final class ClientDocument {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Set<String> POLICY_MEMBERS = Set.of(
            "bindings",
            "networks",
            "roles",
            "token_lifetime_s",
            "exchange",
            "authorization_details",
            "sensitivity_clearance");

    private static final Set<String> MEMBERS = Set.of(
            "client_id",
            "tenant",
            "auth",
            "jwks",
            "certificate",
            "secret_hash",
            "scopes",
            "audiences",
            "status",
            "version");

    private ClientDocument() {}

    /// Reads a client; members of its policy that are not there have the values of [ClientPolicy#DEFAULT].
    ///
    /// @throws IllegalArgumentException with one sentence
    public static ClientRegistration parse(JsonNode document) {
        if (!document.isObject()) {
            throw new IllegalArgumentException("a client is a JSON object");
        }
        for (String member : document.propertyNames()) {
            if (!MEMBERS.contains(member) && !POLICY_MEMBERS.contains(member)) {
                throw new IllegalArgumentException("a client has no such member");
            }
        }
        return new ClientRegistration(
                text(document, "client_id", ""),
                text(document, "tenant", ""),
                proof(document),
                texts(document, "scopes"),
                texts(document, "audiences"),
                policy(document),
                status(text(document, "status", Status.ENABLED.wireName())),
                document.has("version") ? number(document, "version") : 0);
    }

    /// The client with all of its members.
    public static Map<String, Object> of(ClientRegistration client) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("client_id", client.clientId());
        document.put("tenant", client.tenant());
        document.put("auth", client.proof().method());
        document.putAll(credentials(client.proof()));
        document.put("scopes", sorted(client.scopes()));
        document.put("audiences", sorted(client.audiences()));
        document.putAll(of(client.policy()));
        document.put("status", client.status().wireName());
        document.put("version", client.version());
        return document;
    }

    static String toJson(Map<String, Object> document) {
        return JSON.writeValueAsString(document);
    }

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException _) {
            throw new IllegalArgumentException("not JSON without duplicate members");
        }
    }

    private static Proof proof(JsonNode document) {
        return proof(
                text(document, "auth", ""),
                document.has("jwks") ? document.path("jwks").toString() : null,
                document.has("certificate") ? document.path("certificate").toString() : null,
                document.has("secret_hash") ? text(document, "secret_hash", "") : null);
    }

    /// @throws IllegalArgumentException unless there are the credentials of the method, and no other
    static Proof proof(String auth, @Nullable String jwks, @Nullable String certificate, @Nullable String secretHash) {
        long given = Stream.of(jwks, certificate, secretHash)
                .filter(Objects::nonNull)
                .count();
        if (given > 1 || (given == 1 && "workload".equals(auth))) {
            throw new IllegalArgumentException("a client has the credentials of its auth, and no other");
        }
        return switch (auth) {
            case "private_key_jwt" -> new Proof.SignedAssertion(ClientKeys.parse(needed(jwks)));
            case "tls_client_auth" -> pkiCertificate(read(needed(certificate)));
            case "self_signed_tls_client_auth" ->
                new Proof.SelfSignedCertificate(texts(only(read(needed(certificate)), "x5t#S256"), "x5t#S256"));
            case "workload" -> new Proof.WorkloadCertificate();
            case "client_secret_basic" -> new Proof.Secret(needed(secretHash));
            default -> throw new IllegalArgumentException("a client's auth is not one that is known here");
        };
    }

    private static String needed(@Nullable String credential) {
        if (credential == null) {
            throw new IllegalArgumentException("a client has the credentials of its auth, and no other");
        }
        return credential;
    }

    private static Proof pkiCertificate(JsonNode certificate) {
        only(certificate, "ca", "subject_dn", "san_uri", "san_dns");
        List<CertificateSubject> subjects = new ArrayList<>();
        if (certificate.has("subject_dn")) {
            subjects.add(CertificateSubject.DistinguishedName.of(text(certificate, "subject_dn", "")));
        }
        if (certificate.has("san_uri")) {
            subjects.add(new CertificateSubject.Uri(text(certificate, "san_uri", "")));
        }
        if (certificate.has("san_dns")) {
            subjects.add(new CertificateSubject.Dns(text(certificate, "san_dns", "")));
        }
        if (subjects.size() != 1) {
            throw new IllegalArgumentException("a client's certificate names one of subject_dn, san_uri, san_dns");
        }
        return new Proof.PkiCertificate(subjects.getFirst(), RegisteredAuthority.parse(text(certificate, "ca", "")));
    }

    private static Map<String, Object> credentials(Proof proof) {
        return switch (proof) {
            case Proof.SignedAssertion(ClientKeys keys) -> Map.of("jwks", keys.toJwks());
            case Proof.PkiCertificate _, Proof.SelfSignedCertificate _ -> Map.of("certificate", certificate(proof));
            // A hash can be attacked at leisure: it is written to the database and told to nobody.
            case Proof.Secret _, Proof.WorkloadCertificate _ -> Map.of();
        };
    }

    /// What is registered of a certificate.
    static Map<String, Object> certificate(Proof proof) {
        return switch (proof) {
            case Proof.PkiCertificate(CertificateSubject subject, RegisteredAuthority authority) ->
                switch (subject) {
                    case CertificateSubject.DistinguishedName(var name) ->
                        new TreeMap<>(Map.of("ca", authority.toPem(), "subject_dn", name.getName()));
                    case CertificateSubject.Uri(String uri) ->
                        new TreeMap<>(Map.of("ca", authority.toPem(), "san_uri", uri));
                    case CertificateSubject.Dns(String dns) ->
                        new TreeMap<>(Map.of("ca", authority.toPem(), "san_dns", dns));
                };
            case Proof.SelfSignedCertificate(Set<String> thumbprints) -> Map.of("x5t#S256", sorted(thumbprints));
            case Proof.SignedAssertion _, Proof.WorkloadCertificate _, Proof.Secret _ ->
                throw new IllegalArgumentException("this client has no certificate registered");
        };
    }

    static ClientPolicy policy(JsonNode document) {
        ClientPolicy standard = ClientPolicy.DEFAULT;
        return new ClientPolicy(
                document.has("bindings") ? bindings(document) : standard.bindings(),
                texts(document, "networks").stream()
                        .map(ClientDocument::network)
                        .toList(),
                texts(document, "roles"),
                document.has("token_lifetime_s")
                        ? Duration.ofSeconds(number(document, "token_lifetime_s"))
                        : standard.tokenLifetime(),
                document.has("exchange") ? exchange(document.path("exchange")) : standard.exchange(),
                document.has("authorization_details")
                        ? AuthorizationDetail.parse(
                                document.path("authorization_details").toString())
                        : standard.details(),
                document.has("sensitivity_clearance")
                        ? Sensitivity.ofWireName(text(document, "sensitivity_clearance", ""))
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "a client's sensitivity_clearance is public, internal, confidential or"
                                                + " restricted"))
                        : standard.sensitivityClearance());
    }

    static Map<String, Object> of(ClientPolicy policy) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "bindings",
                policy.bindings().stream().map(Binding::wireName).sorted().toList());
        document.put(
                "networks", policy.networks().stream().map(IpRange::toString).toList());
        document.put("roles", sorted(policy.roles()));
        document.put("token_lifetime_s", policy.tokenLifetime().toSeconds());
        document.put(
                "exchange",
                new TreeMap<>(Map.of(
                        "allowed", policy.exchange().allowed(),
                        "issuers", sorted(policy.exchange().issuers()),
                        "subjects", sorted(policy.exchange().subjects()))));
        document.put(
                "authorization_details",
                policy.details().stream().map(AuthorizationDetail::toMembers).toList());
        document.put("sensitivity_clearance", policy.sensitivityClearance().wireName());
        return document;
    }

    private static Set<Binding> bindings(JsonNode document) {
        Set<Binding> bindings = new LinkedHashSet<>();
        for (String name : texts(document, "bindings")) {
            bindings.add(Binding.ofWireName(name)
                    .orElseThrow(() -> new IllegalArgumentException("a client's bindings are dpop, mtls and bearer")));
        }
        return bindings;
    }

    private static Exchange exchange(JsonNode exchange) {
        only(exchange, "allowed", "issuers", "subjects");
        if (exchange.has("allowed") && !exchange.path("allowed").isBoolean()) {
            throw new IllegalArgumentException("a client's exchange.allowed is true or false");
        }
        return new Exchange(
                exchange.path("allowed").asBoolean(false), texts(exchange, "issuers"), texts(exchange, "subjects"));
    }

    private static IpRange network(String text) {
        try {
            return IpRange.parse(text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("a client's networks are address blocks such as 10.0.0.0/8");
        }
    }

    static Status status(String name) {
        return switch (name) {
            case "enabled" -> Status.ENABLED;
            case "disabled" -> Status.DISABLED;
            default -> throw new IllegalArgumentException("a client's status is enabled or disabled");
        };
    }

    private static JsonNode only(JsonNode object, String... members) {
        if (!object.isObject() || !Set.of(members).containsAll(object.propertyNames())) {
            throw new IllegalArgumentException("a client has no such member");
        }
        return object;
    }

    private static String text(JsonNode object, String member, String otherwise) {
        JsonNode value = object.path(member);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isString()) {
            throw new IllegalArgumentException("a client's " + member + " is a string");
        }
        return value.stringValue();
    }

    private static long number(JsonNode object, String member) {
        JsonNode value = object.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("a client's " + member + " is a whole number");
        }
        return value.longValue();
    }

    private static Set<String> texts(JsonNode object, String member) {
        JsonNode array = object.path(member);
        if (!array.isMissingNode() && !array.isArray()) {
            throw new IllegalArgumentException("a client's " + member + " is an array of strings");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode element : array) {
            if (!element.isString()) {
                throw new IllegalArgumentException("a client's " + member + " is an array of strings");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    private static List<String> sorted(Set<String> texts) {
        return List.copyOf(new TreeSet<>(texts));
    }
}
