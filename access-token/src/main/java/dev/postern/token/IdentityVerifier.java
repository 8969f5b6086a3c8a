package dev.postern.token;

import dev.postern.token.TokenRejected.Reason;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Verifies many [IdentityJws] of one signer: the signature each time, the certificate chain once.
///
/// A chain is validated again when one of its certificates has run out, when the anchors changed, and when it is
/// another one; so nothing is accepted that [IdentityJws#verify] would refuse. Thread-safe.
public final class IdentityVerifier {
    /// A signer has a few replicas, and each renews its certificate now and then.
    private static final int MOST_CHAINS = 32;

    private record Validated(
            ECPublicKey key, X509Certificate leaf, Set<X509Certificate> anchors, Instant notBefore, Instant notAfter) {
        boolean holds(Collection<X509Certificate> now, Instant at) {
            return !at.isBefore(notBefore) && !at.isAfter(notAfter) && anchors.equals(Set.copyOf(now));
        }
    }

    private final String type;
    private final URI signer;
    private final IdentityTrust trust;
    private final Clock clock;
    private final int maxLength;
    private final ConcurrentHashMap<JsonNode, Validated> chains = new ConcurrentHashMap<>();

    /// @param type the `typ` that is taken
    /// @param signer the one workload that may sign
    /// @param maxLength of the compact form, in characters
    public IdentityVerifier(String type, URI signer, IdentityTrust trust, Clock clock, int maxLength) {
        this.type = type;
        this.signer = signer;
        this.trust = trust;
        this.clock = clock;
        this.maxLength = maxLength;
    }

    /// The payload; the caller owns it.
    ///
    /// @throws TokenRejected as [IdentityJws#verify] does, and if the signer's certificate is denied
    public byte[] verify(String compact) throws TokenRejected {
        CompactJws jws = CompactJws.parse(compact, maxLength).requireType(type);
        Validated chain = chain(jws.header());
        if (trust.denies(chain.leaf())) {
            throw new TokenRejected(Reason.UNKNOWN_KEY);
        }
        jws.verify(chain.key());
        return jws.payloadBytes();
    }

    private Validated chain(Claims header) throws TokenRejected {
        JsonNode x5c = header.object().path("x5c");
        Collection<X509Certificate> trusted = trust.anchors();
        Validated known = chains.get(x5c);
        if (known != null && known.holds(trusted, clock.instant())) {
            return known;
        }
        List<X509Certificate> chain = IdentityJws.chain(header);
        ECPublicKey key = IdentityJws.keyOf(chain, signer, trusted, clock);
        if (chains.size() >= MOST_CHAINS) {
            chains.clear();
        }
        Validated validated = validated(key, chain, trusted);
        chains.put(x5c, validated);
        return validated;
    }

    private static Validated validated(
            ECPublicKey key, List<X509Certificate> chain, Collection<X509Certificate> trusted) throws TokenRejected {
        Instant notBefore = chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow(() -> new TokenRejected(Reason.UNKNOWN_KEY));
        Instant notAfter = chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow(() -> new TokenRejected(Reason.UNKNOWN_KEY));
        return new Validated(key, chain.getFirst(), Set.copyOf(trusted), notBefore, notAfter);
    }
}
