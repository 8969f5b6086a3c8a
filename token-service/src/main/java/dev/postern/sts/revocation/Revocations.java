package dev.postern.sts.revocation;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.RevocationIssued;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.trust.Revocation;
import dev.postern.trust.Revocation.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Takes trust back: on record, in the database, on the feed - in this order.
///
/// Guarantee: what is answered as revoked is durable and on record, and reaches every service, over HTTPS if not over
/// the feed. It fails closed towards the record: without one nothing is revoked, and the caller learns so.
public final class Revocations {

    /// A compromised key could sign for as long as it is listed; its rotation takes it off the list long before.
    private static final Duration KEY_MEMORY = Duration.ofDays(7);

    private static final Problem TOO_MANY = new Problem(
            409, "too-many-revocations", "Too many revocations are in force: revoke the client or the tenant instead.");

    /// Why a client's own token is revoked; with it, the client is the actor.
    static final String GIVEN_UP = "given-up";

    private static final int ID_BYTES = 12;

    private final RevocationStore store;
    private final Announcement announcement;
    private final AuditTrail trail;
    private final MeterRegistry metrics;
    private final SecureRandom random;
    private final Clock clock;

    public Revocations(
            RevocationStore store,
            Announcement announcement,
            AuditTrail trail,
            MeterRegistry metrics,
            SecureRandom random,
            Clock clock) {
        this.store = store;
        this.announcement = announcement;
        this.trail = trail;
        this.metrics = metrics;
        this.random = random;
        this.clock = clock;
    }

    /// What was revoked.
    ///
    /// @param onFeed whether the feed has it already
    public record Revoked(IssuedRevocation issued, boolean onFeed) {}

    /// Revokes now.
    ///
    /// @throws ProblemException 503 when it cannot be put on record, 409 when there are too many
    public Revoked revoke(Kind kind, String value, String reason, String actor) {
        IssuedRevocation issued = plan(kind, value, reason, actor, clock.instant());
        store(issued);
        return new Revoked(issued, announce(issued));
    }

    /// Revokes what a client gives up, while there is room for that: nothing a client does uses up the room of those
    /// who revoke the client.
    ///
    /// @return nothing, and nothing is on record, when there is none for the moment
    Optional<Revoked> giveUp(Kind kind, String value, String clientId) {
        return store.hasRoomFor(clientId) ? Optional.of(revoke(kind, value, GIVEN_UP, clientId)) : Optional.empty();
    }

    /// Puts a revocation on record that [#store] and [#announce] then carry out: for those who store it together with
    /// a change of their own.
    ///
    /// @param at tokens of a client, subject or tenant that were issued until then are meant
    public IssuedRevocation plan(Kind kind, String value, String reason, String actor, Instant at) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Revocation revocation = kind == Kind.KEY
                ? new Revocation(kind, value, at, at.plus(KEY_MEMORY), reason)
                : Revocation.of(kind, value, at, reason);
        IssuedRevocation issued =
                new IssuedRevocation(Base64.getUrlEncoder().withoutPadding().encodeToString(id), revocation, actor);
        try {
            trail.recordDurably(new RevocationIssued(
                    issued.id(), actor, kind.wireName(), kind == Kind.SUBJECT ? hash(value) : value, reason));
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
        return issued;
    }

    public void store(IssuedRevocation issued) {
        if (!store.add(issued)) {
            throw new ProblemException(TOO_MANY);
        }
    }

    /// Publishes what was stored.
    ///
    /// @return whether it is on the feed
    public boolean announce(IssuedRevocation issued) {
        boolean onFeed = announcement.announce(List.of(issued.revocation()));
        metrics.counter(
                        "postern.revocations",
                        "kind",
                        issued.revocation().kind().wireName(),
                        "on_feed",
                        String.valueOf(onFeed))
                .increment();
        return onFeed;
    }

    /// A subject may name a person: the record gets what can be compared and not read.
    private static String hash(String subject) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
