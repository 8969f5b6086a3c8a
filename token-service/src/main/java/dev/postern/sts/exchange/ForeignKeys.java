package dev.postern.sts.exchange;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.postern.token.CompactJws;
import dev.postern.token.TokenRejected;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The keys of foreign issuers: as registered, or fetched from the registered address and remembered.
///
/// Guarantee: an address is asked at most once a second whatever key ids tokens name; what it last said counts for ten
/// minutes at most, and a new key id makes it be asked sooner. Symmetric keys are never taken, so that a public key
/// cannot serve as a secret. When an address does not answer and nothing young enough is known, there are no keys (it
/// fails closed). Thread-safe.
final class ForeignKeys {

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MAX_KEYS = 64;
    private static final int MAX_ISSUERS = 256;

    /// How an address is read.
    @FunctionalInterface
    interface Fetch {
        /// The body; bounded in size and time.
        String get(URI address) throws IOException, InterruptedException;
    }

    private record Named(String keyId, PublicKey key) {}

    private record Fetched(List<Named> keys, long fetchedAt, long triedAt) {
        static final Fetched NOTHING = new Fetched(List.of(), Long.MIN_VALUE, Long.MIN_VALUE);
    }

    private final Fetch fetch;
    private final Clock clock;
    private final Map<URI, Fetched> published = new ConcurrentHashMap<>();
    private final Map<String, List<Named>> registered = new ConcurrentHashMap<>();

    ForeignKeys(Fetch fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /// Whether a key of the issuer made the signature.
    boolean signed(CompactJws jws, TrustedIssuer.Keys keys) throws TokenRejected {
        Optional<String> keyId = jws.header().optionalText("kid");
        try {
            return candidates(keys, keyId).stream()
                    .filter(named -> keyId.isEmpty() || keyId.get().equals(named.keyId()))
                    .anyMatch(named -> isBy(named.key(), jws));
        } catch (IllegalArgumentException _) {
            // What was registered is no JWK set.
            return false;
        }
    }

    private static boolean isBy(PublicKey key, CompactJws jws) {
        try {
            jws.verify(key);
            return true;
        } catch (TokenRejected _) {
            return false;
        }
    }

    private List<Named> candidates(TrustedIssuer.Keys keys, Optional<String> keyId) {
        return switch (keys) {
            case TrustedIssuer.Keys.Registered(String jwks) -> {
                if (registered.size() > MAX_ISSUERS) {
                    registered.clear();
                }
                yield registered.computeIfAbsent(jwks, ForeignKeys::parse);
            }
            case TrustedIssuer.Keys.Published(URI address) -> {
                if (published.size() > MAX_ISSUERS) {
                    published.clear();
                }
                yield published
                        .compute(address, (_, before) -> refreshed(address, before, keyId))
                        .keys();
            }
        };
    }

    /// Under the address's lock, so that of many requests one asks.
    private Fetched refreshed(URI address, @Nullable Fetched before, Optional<String> keyId) {
        Fetched known = before == null ? Fetched.NOTHING : before;
        long now = clock.millis();
        boolean old = known.fetchedAt() == Long.MIN_VALUE || now - known.fetchedAt() >= LIFE.toMillis();
        boolean unknown = keyId.isPresent()
                && known.keys().stream().noneMatch(named -> keyId.get().equals(named.keyId()));
        boolean rested = known.triedAt() == Long.MIN_VALUE || now - known.triedAt() >= PAUSE.toMillis();
        if (!(old || unknown) || !rested) {
            return old ? new Fetched(List.of(), Long.MIN_VALUE, known.triedAt()) : known;
        }
        try {
            return new Fetched(parse(fetch.get(address)), now, now);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalArgumentException _) {
            // Not answered, or not with keys: what is young enough goes on to count.
        }
        return new Fetched(old ? List.of() : known.keys(), old ? Long.MIN_VALUE : known.fetchedAt(), now);
    }

    private static List<Named> parse(String jwks) {
        try {
            List<Named> keys = new ArrayList<>();
            for (JWK jwk : JWKSet.parse(jwks).getKeys()) {
                if (jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                    publicKey(jwk).ifPresent(key -> keys.add(new Named(String.valueOf(jwk.getKeyID()), key)));
                }
            }
            if (keys.size() > MAX_KEYS) {
                throw new IllegalArgumentException("a JWK set has at most 64 keys");
            }
            return List.copyOf(keys);
        } catch (ParseException _) {
            throw new IllegalArgumentException("not a JWK set");
        }
    }

    private static Optional<PublicKey> publicKey(JWK jwk) {
        try {
            return switch (jwk) {
                case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> Optional.of(ec.toECPublicKey());
                case RSAKey rsa -> Optional.of(rsa.toRSAPublicKey());
                case OctetKeyPair pair
                when Curve.Ed25519.equals(pair.getCurve()) -> Optional.of(ed25519(pair.getDecodedX()));
                default -> Optional.empty();
            };
        } catch (JOSEException | GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    /// RFC 8032 section 5.1.5: little-endian, the highest bit is the sign of x.
    private static PublicKey ed25519(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != 32) {
            throw new InvalidKeySpecException("an Ed25519 key has 32 octets");
        }
        byte[] y = new byte[encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            y[i] = encoded[encoded.length - 1 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
    }
}
