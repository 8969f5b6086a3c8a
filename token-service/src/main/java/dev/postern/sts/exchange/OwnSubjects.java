package dev.postern.sts.exchange;

import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.clientauth.CertificatePaths;
import dev.postern.sts.refusal.Refusal;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.CompactJws;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenRejected.Reason;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerificationKeys;
import dev.postern.token.VerifierSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Exchanges of our own access tokens.
///
/// Never exchanged: what administers the platform, capabilities (they would be multiplied), and tokens with a budget
/// of their own (so would it).
final class OwnSubjects {

    /// Which service a token of an audience is made for.
    private static final Map<String, String> SERVICES = Map.of(
            "urn:postern:gateway", "gateway-service",
            "urn:postern:relay", "inference-relay",
            "urn:postern:redaction", "redaction-service",
            "urn:postern:audit", "audit-service");

    private final String issuer;
    private final Duration skew;
    private final VerificationKeys keys;
    private final TrustState trust;
    private final Clock clock;

    OwnSubjects(String issuer, Duration skew, VerificationKeys keys, TrustState trust, Clock clock) {
        this.issuer = issuer;
        this.skew = skew;
        this.keys = keys;
        this.trust = trust;
        this.clock = clock;
    }

    Ceiling ceiling(String compact, Exchanger by) {
        AccessToken token = verified(compact);
        if (token.use() == TokenUse.CAPABILITY) {
            throw Refusal.INVALID_REQUEST.because("exchange-capability");
        }
        if (token.details().stream().anyMatch(AuthorizationDetail.Budget.class::isInstance)) {
            throw Refusal.INVALID_REQUEST.because("exchange-budget");
        }
        boolean asReceiver = isReceiver(token, by.client());
        if (!asReceiver) {
            requireHolder(token, by);
        }
        return new Ceiling(
                token.subject(),
                token.tenant(),
                actors(token, by.client()),
                token.scopes(),
                asReceiver ? by.client().audiences() : token.audience(),
                narrower(token.use(), asReceiver),
                token.roles(),
                // The receiver's own address is not the caller's: it checked that itself.
                asReceiver ? List.of() : token.binding().networks(),
                token.details(),
                Optional.of(clearance(token)),
                token.isBound(),
                Optional.of(token.expiresAt()),
                Optional.of(token.sessionId()),
                Optional.of(token.tokenId()));
    }

    /// A token that says nothing is taken for one of usual clearance, as everywhere.
    private static Sensitivity clearance(AccessToken token) {
        return token.clearance().flatMap(Sensitivity::ofWireName).orElse(ClientPolicy.DEFAULT.sensitivityClearance());
    }

    private AccessToken verified(String compact) {
        try {
            // What the token says of its audience only chooses what is verified.
            Set<String> audience = CompactJws.parse(compact, AccessTokenVerifier.MAX_LENGTH)
                    .payload()
                    .texts("aud");
            if (audience.size() != 1 || audience.contains("")) {
                throw new TokenRejected(Reason.WRONG_AUDIENCE);
            }
            VerifierSettings settings =
                    new VerifierSettings(issuer, audience.iterator().next(), TokenUse.DATA_PLANE, skew, 1);
            return new AccessTokenVerifier(settings, keys, trust, clock).verify(compact);
        } catch (TokenRejected rejected) {
            throw rejected.reason() == Reason.REVOCATION_UNKNOWN
                    ? Refusal.TEMPORARILY_UNAVAILABLE.because("revocation-unknown")
                    : Refusal.INVALID_REQUEST.because(
                            "subject-" + rejected.reason().name().toLowerCase(Locale.ROOT));
        }
    }

    private static boolean isReceiver(AccessToken token, ClientRegistration client) {
        return client.proof() instanceof Proof.WorkloadCertificate
                && token.audience().stream()
                        .anyMatch(audience -> client.clientId().equals(SERVICES.get(audience)));
    }

    /// Whoever stole a token cannot exchange it, and nobody exchanges what is not meant for him.
    private static void requireHolder(AccessToken token, Exchanger by) {
        ClientRegistration client = by.client();
        boolean own = token.clientId().equals(client.clientId());
        boolean entrusted = client.policy().exchange().subjects().contains(token.clientId());
        if (!token.tenant().equals(client.tenant()) || !(own || entrusted)) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("exchange-of-anothers");
        }
        if (token.dpopThumbprint().isPresent()
                && !token.dpopThumbprint().equals(by.proof().map(DpopProof::thumbprint))) {
            throw Refusal.INVALID_DPOP_PROOF.because("exchange-without-key");
        }
        if (token.certificateThumbprint().isPresent()
                && !token.certificateThumbprint()
                        .equals(by.connection().chain().stream().findFirst().map(CertificatePaths::thumbprint))) {
            throw Refusal.INVALID_REQUEST.because("exchange-without-certificate");
        }
        if (!token.binding().networks().isEmpty()
                && token.binding().networks().stream()
                        .noneMatch(range -> range.contains(by.connection().address()))) {
            throw Refusal.INVALID_REQUEST.because("exchange-address");
        }
    }

    /// The exchanging client acts for the subject, unless it is the subject's own or acts already.
    private static List<String> actors(AccessToken token, ClientRegistration client) {
        if (token.clientId().equals(client.clientId())) {
            return token.actors();
        }
        List<String> actors = new ArrayList<>();
        actors.add(client.clientId());
        actors.addAll(token.actors());
        if (actors.size() > Ceiling.MAX_ACTORS) {
            throw Refusal.INVALID_REQUEST.because("exchange-too-many-actors");
        }
        return actors;
    }

    /// What a use may become: itself, or something that can do less.
    private static Set<TokenUse> narrower(TokenUse use, boolean asReceiver) {
        return switch (use) {
            case INFERENCE ->
                asReceiver
                        ? Set.of(TokenUse.INFERENCE, TokenUse.SESSION, TokenUse.TOOL, TokenUse.CAPABILITY)
                        : Set.of(TokenUse.INFERENCE, TokenUse.PUBLISH, TokenUse.SUBSCRIBE, TokenUse.CAPABILITY);
            case SESSION ->
                asReceiver
                        ? Set.of(TokenUse.SESSION, TokenUse.TOOL, TokenUse.CAPABILITY)
                        : Set.of(TokenUse.SESSION, TokenUse.CAPABILITY);
            case PUBLISH -> Set.of(TokenUse.PUBLISH, TokenUse.CAPABILITY);
            case SUBSCRIBE -> Set.of(TokenUse.SUBSCRIBE, TokenUse.CAPABILITY);
            case TOOL -> Set.of(TokenUse.TOOL);
            case CAPABILITY, ADMIN -> Set.of();
        };
    }
}
