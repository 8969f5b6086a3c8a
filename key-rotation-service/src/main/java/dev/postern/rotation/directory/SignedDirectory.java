package dev.postern.rotation.directory;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.token.IdentityJws;
import java.math.BigInteger;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The key ring as followers get it: a compact JWS (ES256) with the service's certificate chain in `x5c`, so that
/// nothing but the CA certificate is needed to verify it. Signed at most once a second.
///
/// Safe for any thread.
final class SignedDirectory {
    static final String TYPE = "postern-directory+jwt";

    private record Signed(long version, long issuedAt, BigInteger serial, String compact) {}

    private final WorkloadIdentity identity;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.shared();
    private volatile @Nullable Signed newest;

    SignedDirectory(WorkloadIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    String of(KeyRing ring) {
        long issuedAt = clock.instant().getEpochSecond();
        IdentityDocument signer = identity.current();
        BigInteger serial = signer.leaf().getSerialNumber();
        Signed known = newest;
        if (known != null
                && known.version() == ring.version()
                && known.issuedAt() == issuedAt
                && known.serial().equals(serial)) {
            return known.compact();
        }
        List<Map<String, Object>> keys = ring.listed().stream()
                .sorted(Comparator.comparing(ManagedKey::kid))
                .map(SignedDirectory::entry)
                .toList();
        byte[] payload = json.writeValueAsBytes(Map.of("version", ring.version(), "issued_at", issuedAt, "keys", keys));
        String compact = IdentityJws.sign(TYPE, payload, signer.privateKey(), signer.chain());
        newest = new Signed(ring.version(), issuedAt, serial, compact);
        return compact;
    }

    private static Map<String, Object> entry(ManagedKey key) {
        return Map.of(
                "kid", key.kid(),
                "class", key.keyClass().wireName(),
                "owner", key.owner().toString(),
                "instance", key.instance(),
                "state", key.state().label(),
                "since", key.state().since().getEpochSecond(),
                "jwk", key.jwk());
    }
}
