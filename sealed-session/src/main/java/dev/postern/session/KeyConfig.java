package dev.postern.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a relay publishes about itself: its HPKE public keys, its suites, the audience of its tokens, and for how
/// long.
///
/// A value a client holds came from [KeyConfigVerifier]; one a relay holds from its [RelayKeyRing]. Its digest
/// `kcd` is over the exact payload octets and is bound into every handshake, so a client and a relay that saw
/// different configurations share no keys.
public final class KeyConfig {
    private static final int MAX_KEYS = 16;

    private final byte[] payload;
    private final String relayId;
    private final String audience;
    private final Instant notBefore;
    private final Instant expires;
    private final String policyHash;
    private final List<RelayPublicKey> keys;

    private KeyConfig(
            byte[] payload,
            String relayId,
            String audience,
            Instant notBefore,
            Instant expires,
            String policyHash,
            List<RelayPublicKey> keys) {
        this.payload = payload;
        this.relayId = relayId;
        this.audience = audience;
        this.notBefore = notBefore;
        this.expires = expires;
        this.policyHash = policyHash;
        this.keys = keys;
    }

    static KeyConfig of(RelayDescription relay, Instant notBefore, Instant expires, List<RelayPublicKey> keys) {
        ObjectNode json = Json.object();
        json.put("v", 1);
        json.put("relay_id", relay.relayId());
        json.put("aud", relay.audience());
        json.put("nbf", notBefore.getEpochSecond());
        json.put("exp", expires.getEpochSecond());
        json.put("policy_hash", relay.policyHash());
        ArrayNode keyArray = json.putArray("keys");
        ArrayNode suites = json.putArray("suites");
        for (RelayPublicKey key : keys) {
            keyArray.addObject()
                    .put("key_id", key.id().toString())
                    .put("kem", key.suite().kem())
                    .put("pk", Base64Url.encode(key.octets()));
            suites.addArray().add(key.suite().kem()).add(Suite.KDF).add(Suite.AEAD);
        }
        return new KeyConfig(
                Json.write(json),
                relay.relayId(),
                relay.audience(),
                notBefore,
                expires,
                relay.policyHash(),
                List.copyOf(keys));
    }

    /// Reads a payload. Keys of KEMs this library does not know, and of suites the relay does not list, are left
    /// out.
    static KeyConfig parse(byte[] payload) throws MalformedContent {
        JsonNode json = Json.read(payload);
        if (Json.number(json, "v") != 1) {
            throw new MalformedContent("another version");
        }
        JsonNode keys = json.path("keys");
        JsonNode suites = json.path("suites");
        if (!keys.isArray() || !suites.isArray() || keys.size() > MAX_KEYS || suites.size() > MAX_KEYS) {
            throw new MalformedContent("no keys or no suites");
        }
        List<Suite> offered = suites.valueStream()
                .map(KeyConfig::suite)
                .flatMap(Optional::stream)
                .toList();
        List<RelayPublicKey> usable = keys.valueStream()
                .map(key -> key(key, offered))
                .flatMap(Optional::stream)
                .toList();
        if (usable.stream().map(RelayPublicKey::id).distinct().count() != usable.size()) {
            throw new MalformedContent("one key_id for two keys");
        }
        return new KeyConfig(
                payload.clone(),
                Json.text(json, "relay_id"),
                Json.text(json, "aud"),
                Instant.ofEpochSecond(Json.number(json, "nbf")),
                Instant.ofEpochSecond(Json.number(json, "exp")),
                Json.text(json, "policy_hash"),
                usable);
    }

    private static Optional<Suite> suite(JsonNode triple) {
        if (!triple.isArray() || triple.size() != 3 || triple.valueStream().anyMatch(id -> !id.canConvertToInt())) {
            return Optional.empty();
        }
        return Suite.of(
                triple.path(0).intValue(),
                triple.path(1).intValue(),
                triple.path(2).intValue());
    }

    private static Optional<RelayPublicKey> key(JsonNode json, List<Suite> offered) {
        JsonNode kem = json.path("kem");
        if (!kem.isIntegralNumber() || !kem.canConvertToInt()) {
            return Optional.empty();
        }
        return Suite.of(kem.intValue(), Suite.KDF, Suite.AEAD)
                .filter(offered::contains)
                .flatMap(suite -> KeyId.parse(json.path("key_id").asString(""))
                        .flatMap(id -> Base64Url.decode(json.path("pk").asString(""), suite.publicKeyLength())
                                .map(octets -> new RelayPublicKey(id, suite, octets))));
    }

    public String relayId() {
        return relayId;
    }

    /// The audience of tokens for this relay, and the target of the proof.
    public String audience() {
        return audience;
    }

    public Instant notBefore() {
        return notBefore;
    }

    public Instant expires() {
        return expires;
    }

    /// A hash of the policy the relay enforces; opaque here.
    public String policyHash() {
        return policyHash;
    }

    public List<RelayPublicKey> keys() {
        return keys;
    }

    /// The key of the first permitted suite that the relay offers; empty when it offers none of them.
    public Optional<RelayPublicKey> choose(List<Suite> permitted) {
        var bySuite = keys.stream()
                .collect(Collectors.toMap(RelayPublicKey::suite, Function.identity(), (first, _) -> first));
        return permitted.stream().filter(bySuite::containsKey).findFirst().map(bySuite::get);
    }

    byte[] payload() {
        return payload.clone();
    }

    /// `kcd`: SHA-256 over the payload octets.
    byte[] digest() {
        return Hashing.sha256(payload);
    }

    @Override
    public String toString() {
        return "KeyConfig[" + relayId + ", until " + expires + ", " + keys + "]";
    }
}
