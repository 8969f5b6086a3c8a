package dev.postern.sts.issuance;

import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.clientauth.CertificatePaths;
import dev.postern.sts.clientauth.Connection;
import dev.postern.sts.refusal.Refusal;
import dev.postern.token.DpopProof;
import java.util.Map;
import java.util.Optional;

/// What a token will be bound to.
sealed interface TokenBinding {

    /// To the key of the proof (RFC 9449).
    record Dpop(DpopProof proof) implements TokenBinding {}

    /// To the connection's certificate (RFC 8705).
    record Mtls(String thumbprint) implements TokenBinding {}

    /// To nothing.
    record None() implements TokenBinding {}

    /// The binding the request brings along: the proof's, else the certificate's, else none - as far as the client may.
    ///
    /// @param mandatory whether an unbound token is out of the question, whatever the client may
    static TokenBinding choose(
            ClientRegistration client, Optional<DpopProof> proof, Connection connection, boolean mandatory) {
        var allowed = client.policy().bindings();
        if (proof.isPresent()) {
            if (!allowed.contains(ClientPolicy.Binding.DPOP)) {
                throw Refusal.INVALID_REQUEST.because("binding-not-allowed");
            }
            return new Dpop(proof.get());
        }
        if (allowed.contains(ClientPolicy.Binding.MTLS) && !connection.chain().isEmpty()) {
            return new Mtls(CertificatePaths.thumbprint(connection.chain().getFirst()));
        }
        if (!mandatory && allowed.contains(ClientPolicy.Binding.BEARER)) {
            return new None();
        }
        throw Refusal.INVALID_REQUEST.because("binding-required");
    }

    /// For the record and for metrics.
    default String code() {
        return switch (this) {
            case Dpop _ -> "dpop";
            case Mtls _ -> "mtls";
            case None _ -> "none";
        };
    }

    /// `token_type`: a certificate-bound token is presented as a bearer token (RFC 8705 section 3).
    default String tokenType() {
        return switch (this) {
            case Dpop _ -> "DPoP";
            case Mtls _, None _ -> "Bearer";
        };
    }

    /// `cnf`; empty for none.
    default Map<String, Object> confirmation() {
        return switch (this) {
            case Dpop(DpopProof proof) -> Map.of("jkt", proof.thumbprint());
            case Mtls(String thumbprint) -> Map.of("x5t#S256", thumbprint);
            case None _ -> Map.of();
        };
    }
}
