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
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Verifies many [IdentityJws] of one signer: the signature each time, the certificate chain once.
///
/// A chain is validated again when one of its certificates has run out, when the anchors changed, and when it is
/// another
/// one; so nothing is accepted that [IdentityJws#verify] would refuse. Thread-safe.
public final class IdentityVerifier {
    /// A signer has a few replicas, and each renews its certificate now and then.
    private static final int MOST_CHAINS = 32;

    private record Validated(ECPublicKey key, Set<X509Certificate> anchors, Instant notBefore, Instant notAfter) {
        boolean holds(Collection<X509Certificate> now, Instant at) {
            return !at.isBefore(notBefore) && !at.isAfter(notAfter) && anchors.equals(Set.copyOf(now));
        }
    }

    private final String type;
    private final URI signer;
    private final Supplier<? extends Collection<X509Certificate>> anchors;
    private final Clock clock;
    private final int maxLength;
    private final ConcurrentHashMap<JsonNode, Validated> chains = new ConcurrentHashMap<>();

    /// @param type the `typ` that is taken
    /// @param signer the one workload that may sign
    /// @param anchors the platform's trust anchors at each moment
    /// @param maxLength of the compact form, in characters
    public IdentityVerifier(
            String type,
            URI signer,
            Supplier<? extends Collection<X509Certificate>> anchors,
            Clock clock,
            int maxLength) {
        this.type = type;
        this.signer = signer;
        this.anchors = anchors;
        this.clock = clock;
        this.maxLength = maxLength;
    }

    /// The payload; the caller owns it.
    ///
    /// @throws TokenRejected as [IdentityJws#verify] does
    public byte[] verify(String compact) throws TokenRejected {
        CompactJws jws = CompactJws.parse(compact, maxLength).requireType(type);
        jws.verify(key(jws.header()));
        return jws.payloadBytes();
    }

    private ECPublicKey key(Claims header) throws TokenRejected {
        JsonNode x5c = header.object().path("x5c");
        Collection<X509Certificate> trusted = anchors.get();
        Validated known = chains.get(x5c);
        if (known != null && known.holds(trusted, clock.instant())) {
            return known.key();
        }
        List<X509Certificate> chain = IdentityJws.chain(header);
        ECPublicKey key = IdentityJws.keyOf(chain, signer, trusted, clock);
        if (chains.size() >= MOST_CHAINS) {
            chains.clear();
        }
        chains.put(x5c, validated(key, chain, trusted));
        return key;
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
        return new Validated(key, Set.copyOf(trusted), notBefore, notAfter);
    }
}
