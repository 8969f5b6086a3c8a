package dev.postern.token;

import java.net.InetAddress;
import java.util.Optional;

/// How a token came: by which scheme, with what proof, over which certificate, from where. Whoever makes one has
/// verified what is in it: the proof by [DpopProof#verify] and its single use, the certificate's possession by TLS.
///
/// @param proof of the key, for the scheme `DPoP`
/// @param certificateThumbprint RFC 8705 `x5t#S256` of the certificate that the connection was made with
/// @param address of the connection's other end; nothing in a header is one
public record Presentation(
        Scheme scheme,
        Optional<DpopProof> proof,
        Optional<String> certificateThumbprint,
        Optional<InetAddress> address) {

    /// The authentication scheme of the `Authorization` header.
    public enum Scheme {
        BEARER,
        DPOP
    }

    public Presentation {
        if ((scheme == Scheme.DPOP) != proof.isPresent()) {
            throw new IllegalArgumentException("a proof belongs to the scheme DPoP, and only to it");
        }
    }

    /// A plain bearer token over a connection about which nothing is known.
    public static Presentation bearer() {
        return new Presentation(Scheme.BEARER, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
