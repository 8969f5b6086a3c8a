package dev.postern.relay.rig;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.session.ProofKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSSLX25519PublicKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An OPEN (X25519) made by hand, from the protocol's document, for what the production client would never send: any
/// claim in its proof, and one encapsulation for several messages. Nobody can go on with its session.
public final class HandmadeOpen {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Provider CONSCRYPT = Conscrypt.newProvider();
    private static final int X25519 = 0x0020;
    private static final int KEY_OCTETS = 32;

    private final byte[] relayKey;
    private final byte[] info;
    private final byte[] header;
    private final byte[] seed;
    private final byte[] enc;
    private final byte[] signed;
    private final Map<String, String> claims = new LinkedHashMap<>();

    /// To the relay that answered `offers` to `GET /ssp1/key-config`.
    public HandmadeOpen(String offers, String clientId, String token, SecureRandom random) throws Exception {
        JsonNode relay = JSON.readTree(offers).path("relays").path(0);
        byte[] payload = decode(relay.path("key_config").asString().split("\\.", -1)[1]);
        String challenge = relay.path("challenge").asString();
        JsonNode config = JSON.readTree(payload);
        JsonNode key = config.path("keys")
                .valueStream()
                .filter(one -> one.path("kem").asInt() == X25519)
                .findFirst()
                .orElseThrow();
        relayKey = decode(key.path("pk").asString());
        header = concatenate(
                "SSP1".getBytes(US_ASCII),
                new byte[] {1, 1, 0, X25519, 0, 1, 0, 2},
                decode(key.path("key_id").asString()),
                decode(challenge));
        byte[] kcd = sha256(payload);
        info = concatenate("ssp1 open\0".getBytes(US_ASCII), kcd, sha256(header));
        seed = new byte[KEY_OCTETS];
        random.nextBytes(seed);
        enc = context().getEncapsulated();
        byte[] parameters = parameters(clientId, token, random);
        signed = concatenate(
                new byte[] {0, KEY_OCTETS},
                clientKey(),
                ByteBuffer.allocate(Integer.BYTES).putInt(parameters.length).array(),
                parameters);
        claims.put("htm", "OPEN");
        claims.put("htu", config.path("aud").asString());
        claims.put("ath", encode(sha256(token.getBytes(US_ASCII))));
        claims.put("nonce", challenge);
        claims.put("tsh", encode(sha256(concatenate(header, enc, kcd, sha256(signed)))));
    }

    /// What the proof of this OPEN says.
    public Map<String, String> claims() {
        return new LinkedHashMap<>(claims);
    }

    /// The message with a fresh proof that says `said`. Its encapsulation is the same each time.
    public byte[] with(Map<String, String> said, ProofKey key, Instant now) throws Exception {
        Map<String, String> further = new LinkedHashMap<>(said);
        String method = String.valueOf(further.remove("htm"));
        String target = String.valueOf(further.remove("htu"));
        byte[] proof = key.prove(method, target, now, further).getBytes(US_ASCII);
        return concatenate(header, enc, context().seal(concatenate(signed, proof), concatenate(header, enc)));
    }

    private HpkeContextSender context() throws GeneralSecurityException {
        HpkeContextSender sender =
                HpkeContextSender.getInstance("DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/AES_256_GCM", CONSCRYPT);
        sender.initForTesting(new OpenSSLX25519PublicKey(relayKey), info, seed);
        return sender;
    }

    /// X25519's base point: a public key like any other, to the private key 1.
    private static byte[] clientKey() {
        byte[] key = new byte[KEY_OCTETS];
        key[0] = 9;
        return key;
    }

    private static byte[] parameters(String clientId, String token, SecureRandom random) {
        byte[] clientRandom = new byte[KEY_OCTETS];
        random.nextBytes(clientRandom);
        ObjectNode parameters = JSON.createObjectNode()
                .put("client_random", encode(clientRandom))
                .put("tenant", "postern")
                .put("client_id", clientId)
                .put("token", token);
        parameters.putArray("models");
        parameters.putObject("limits").put("streams", 8);
        return JSON.writeValueAsBytes(parameters);
    }

    private static byte[] sha256(byte[] octets) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(octets);
    }

    private static byte[] concatenate(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
