package dev.postern.sts.client;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A client: how it proves itself, for which tenant it works, and the most it may ask for.
///
/// @param scopes it may be granted; a request names those it wants
/// @param audiences its tokens may be for; a request names one
/// @param version rises with each change; 0 for what is not stored yet
public record ClientRegistration(
        String clientId,
        String tenant,
        Proof proof,
        Set<String> scopes,
        Set<String> audiences,
        ClientPolicy policy,
        Status status,
        long version) {

    /// Whether the client may do anything.
    public enum Status {
        ENABLED,
        DISABLED;

        /// Its name in documents.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MAX_ENTRIES = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SCOPE = Pattern.compile("[a-z][a-z0-9:._-]{0,63}");
    private static final Pattern AUDIENCE = Pattern.compile("(urn:|https://)[!-~]{1,120}");

    public ClientRegistration {
        scopes = Set.copyOf(scopes);
        audiences = Set.copyOf(audiences);
        require(NAME.matcher(clientId).matches(), "client_id");
        require(NAME.matcher(tenant).matches(), "tenant");
        require(
                !scopes.isEmpty()
                        && scopes.size() <= MAX_ENTRIES
                        && scopes.stream().allMatch(SCOPE.asMatchPredicate()),
                "scopes");
        require(
                !audiences.isEmpty()
                        && audiences.size() <= MAX_ENTRIES
                        && audiences.stream().allMatch(AUDIENCE.asMatchPredicate()),
                "audiences");
        require(version >= 0, "version");
    }

    /// A new client, enabled.
    public ClientRegistration(
            String clientId,
            String tenant,
            Proof proof,
            Set<String> scopes,
            Set<String> audiences,
            ClientPolicy policy) {
        this(clientId, tenant, proof, scopes, audiences, policy, Status.ENABLED, 0);
    }

    public boolean isEnabled() {
        return status == Status.ENABLED;
    }

    public ClientRegistration withVersion(long newVersion) {
        return new ClientRegistration(clientId, tenant, proof, scopes, audiences, policy, status, newVersion);
    }

    public ClientRegistration withProof(Proof newProof) {
        return new ClientRegistration(clientId, tenant, newProof, scopes, audiences, policy, status, version);
    }

    private static void require(boolean condition, String member) {
        if (!condition) {
            throw new IllegalArgumentException("a client's " + member + " must be set and well-formed");
        }
    }
}
