package dev.postern.relay.admission;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.Challenges;
import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigSigner;
import dev.postern.session.RelayKeyRing;
import java.nio.charset.StandardCharsets;

/// The document of `GET /ssp1/key-config`: the current key config, signed by the current certificate, and a
/// fresh challenge. Thread-safe; signs only when the keys or the certificate changed.
final class KeyConfigDocument {
    private final RelayKeyRing keys;
    private final Challenges challenges;
    private final WorkloadIdentity identity;
    private volatile Signed signed;

    private record Signed(KeyConfig config, IdentityDocument by, String jws) {}

    KeyConfigDocument(RelayKeyRing keys, Challenges challenges, WorkloadIdentity identity) {
        this.keys = keys;
        this.challenges = challenges;
        this.identity = identity;
        this.signed = sign(keys.current(), identity.current());
    }

    byte[] fresh() {
        Signed latest = signed;
        KeyConfig config = keys.current();
        IdentityDocument document = identity.current();
        if (latest.config() != config || !latest.by().equals(document)) {
            latest = sign(config, document);
            signed = latest;
        }
        // Both are base64url with dots: nothing needs escaping.
        return ("{\"relays\":[{\"key_config\":\"" + latest.jws() + "\",\"challenge\":\"" + challenges.issue() + "\"}]}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Signed sign(KeyConfig config, IdentityDocument document) {
        String jws = new KeyConfigSigner(document.privateKey(), document.chain()).sign(config);
        return new Signed(config, document, jws);
    }
}
