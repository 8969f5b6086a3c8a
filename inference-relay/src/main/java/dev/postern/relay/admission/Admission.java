package dev.postern.relay.admission;

import dev.postern.redis.SingleUse;
import dev.postern.relay.request.Caller;
import dev.postern.session.Accepted;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.OpenedOffer;
import dev.postern.session.Refusal;
import dev.postern.session.RelayHandshake;
import dev.postern.session.SessionTerms;
import dev.postern.session.UnopenedOffer;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.AuthorizationDetail.Budget;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides about OPEN, in the protocol's order, cheapest check first: form, suite, key, challenge -> rate ->
/// seen before -> decapsulation -> token -> proof -> policy -> ACCEPT. Thread-safe.
///
/// Guarantees: nothing asymmetric is computed for an OPEN that is malformed, stale, too frequent or replayed;
/// when the store cannot say whether an OPEN or a proof was seen before, or the trust feed whether the token was
/// revoked, it is refused; every reason behind decryption, token and proof gives the same refusal, but that a token
/// was revoked.
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    /// Longer than a challenge is accepted: an OPEN that outlives this record is stale by then.
    private static final Duration MEMORY = Duration.ofMinutes(3);
    /// The proof's own clock does not count; its challenge is what makes it fresh.
    private static final Duration ANY_CLOCK = Duration.ofDays(1);

    private final AdmissionProperties properties;
    private final RelayHandshake handshake;
    private final OpenRate rate;
    private final SingleUse store;
    private final AccessTokenVerifier tokens;
    private final Clock clock;
    private final Executor workers;
    private final Consumer<String> unopened;

    /// With its collaborators.
    ///
    /// @param unopened told of the key of each OPEN that does not open; must not wait
    /// @param workers small and bounded; a refused task refuses its OPEN
    Admission(
            AdmissionProperties properties,
            RelayHandshake handshake,
            OpenRate rate,
            SingleUse store,
            AccessTokenVerifier tokens,
            Clock clock,
            Executor workers,
            Consumer<String> unopened) {
        this.properties = properties;
        this.handshake = handshake;
        this.rate = rate;
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        this.workers = workers;
        this.unopened = unopened;
    }

    /// Judges one OPEN of `peer`. Cheap on the caller's thread.
    ///
    /// @return fails with [HandshakeRefused] only
    public CompletableFuture<Admitted> admit(byte[] open, URI peer) {
        try {
            UnopenedOffer offer = handshake.parse(open);
            if (!rate.tryTake(peer)) {
                throw new HandshakeRefused(Refusal.LIMIT);
            }
            CompletableFuture<Admitted> decision = new CompletableFuture<>();
            var _ = claim("open:" + offer.replayKey())
                    .thenApplyAsync(_ -> verify(offer), workers)
                    .thenCompose(verified -> claim(proofName(verified.proof()))
                            .thenApplyAsync(_ -> accept(offer, verified), workers)
                            .whenComplete((_, _) -> verified.offer().close()))
                    .whenComplete((admitted, failure) -> {
                        if (failure == null) {
                            decision.complete(admitted);
                        } else {
                            decision.completeExceptionally(refusal(failure));
                        }
                    });
            return decision;
        } catch (HandshakeRefused refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private record Verified(OpenedOffer offer, AccessToken token, DpopProof proof) {}

    private CompletableFuture<SingleUse.Use> claim(String name) {
        return store.claim(name, MEMORY)
                .thenApply(use -> switch (use) {
                    case FIRST -> use;
                    case SEEN -> throw refuse(Refusal.OPEN_REPLAYED);
                    case UNAVAILABLE -> throw refuse(Refusal.STORE_UNAVAILABLE);
                })
                .toCompletableFuture();
    }

    private Verified verify(UnopenedOffer unread) {
        OpenedOffer offer;
        try {
            offer = unread.open();
        } catch (HandshakeRefused refused) {
            unopened.accept(unread.keyId().toString());
            throw new CompletionException(refused);
        }
        try {
            AccessToken token = tokens.verify(offer.token());
            DpopProof proof =
                    DpopProof.verify(offer.proof(), expectation(offer), clock).requireKeyOf(token);
            return new Verified(offer, token, proof);
        } catch (TokenRejected rejected) {
            offer.close();
            throw refuse(
                    switch (rejected.reason()) {
                        case REVOKED, OUTDATED -> Refusal.FORBIDDEN;
                        case REVOCATION_UNKNOWN -> Refusal.REVOCATION_UNAVAILABLE;
                        default -> Refusal.OPEN_REJECTED;
                    });
        }
    }

    private static DpopExpectation expectation(OpenedOffer offer) {
        var expected = offer.expectedProof();
        return new DpopExpectation(
                Map.of(
                        "htm", expected.htm(),
                        "htu", expected.htu(),
                        "ath", expected.ath(),
                        "nonce", expected.nonce(),
                        "tsh", expected.tsh()),
                ANY_CLOCK,
                ANY_CLOCK);
    }

    private Admitted accept(UnopenedOffer unread, Verified verified) {
        AccessToken token = verified.token();
        requirePolicy(token, verified.offer());
        try {
            Accepted accepted = verified.offer().accept(terms(token, verified.offer()));
            Caller self = Caller.of(token);
            return new Admitted(
                    accepted,
                    token,
                    self,
                    Set.copyOf(verified.offer().parameters().models()),
                    unread.keyId().toString(),
                    unread.suite().name());
        } catch (HandshakeRefused refused) {
            throw new CompletionException(refused);
        }
    }

    private static void requirePolicy(AccessToken token, OpenedOffer offer) {
        boolean mayUseModels = token.hasScope(Caller.INVOKE) || token.hasScope(Caller.DELEGATE);
        String claimedTenant = offer.parameters().tenant();
        boolean isItself = offer.parameters().clientId().equals(token.clientId())
                && (claimedTenant.isEmpty() || claimedTenant.equals(token.tenant()));
        // The session's frames come from the gateway's address, and nobody here counts what a session spends.
        boolean isEnforceable =
                token.binding().networks().isEmpty() && token.details().stream().noneMatch(Budget.class::isInstance);
        if (!mayUseModels || !isItself || !isEnforceable) {
            throw refuse(Refusal.FORBIDDEN);
        }
    }

    private SessionTerms terms(AccessToken token, OpenedOffer offer) {
        Instant longest = clock.instant().plus(properties.sessionLife());
        Instant expires = token.expiresAt().isBefore(longest) ? token.expiresAt() : longest;
        SessionTerms defaults = SessionTerms.until(expires);
        return new SessionTerms(
                expires,
                defaults.epoch(),
                defaults.windowBits(),
                Math.min(offer.parameters().maxStreams(), properties.maxStreams()),
                defaults.idle(),
                defaults.idempotency());
    }

    /// Two keys may choose the same `jti`: the key is part of the name.
    private static String proofName(DpopProof proof) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((proof.thumbprint() + "\n" + proof.proofId()).getBytes(StandardCharsets.UTF_8));
            return "proof:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static CompletionException refuse(Refusal refusal) {
        return new CompletionException(new HandshakeRefused(refusal));
    }

    private static HandshakeRefused refusal(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case HandshakeRefused refused -> refused;
            case RejectedExecutionException _ -> new HandshakeRefused(Refusal.LIMIT);
            default -> {
                // To the client a bug of ours is a refusal like any other.
                LOG.error("OPEN failed by a bug", cause);
                yield new HandshakeRefused(Refusal.OPEN_REJECTED);
            }
        };
    }
}
