package dev.postern.sts.client;

import java.util.Set;
import java.util.regex.Pattern;

/// A client: how it proves itself, for which tenant it works, and the most it may ask for.
///
/// @param scopes it may be granted; a request names those it wants
/// @param audiences its tokens may be for; a request names one
public record ClientRegistration(
        String clientId, String tenant, Proof proof, Set<String> scopes, Set<String> audiences) {

    /// How the client proves that it is itself.
    public sealed interface Proof {

        /// By an assertion signed with one of these keys (`private_key_jwt`, RFC 7523).
        record SignedAssertion(ClientKeys keys) implements Proof {}

        /// By the mTLS identity of the service that has the client's name (`tls_client_auth`, RFC 8705).
        record WorkloadCertificate() implements Proof {}
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SCOPE = Pattern.compile("[a-z][a-z0-9:._-]{0,63}");
    private static final Pattern AUDIENCE = Pattern.compile("(urn:|https://)[!-~]{1,120}");

    public ClientRegistration {
        scopes = Set.copyOf(scopes);
        audiences = Set.copyOf(audiences);
        require(NAME.matcher(clientId).matches(), "client_id");
        require(NAME.matcher(tenant).matches(), "tenant");
        require(!scopes.isEmpty() && scopes.stream().allMatch(SCOPE.asMatchPredicate()), "scopes");
        require(!audiences.isEmpty() && audiences.stream().allMatch(AUDIENCE.asMatchPredicate()), "audiences");
    }

    private static void require(boolean condition, String member) {
        if (!condition) {
            throw new IllegalArgumentException("a client's " + member + " must be set and well-formed");
        }
    }
}
