package dev.postern.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One event of every type.
public final class EventSamples {

    private EventSamples() {}

    public static List<AuditEvent> all() {
        Instant later = Instant.parse("2026-11-23T12:05:00Z");
        return List.of(
                new TokenIssued(
                        "jti-1",
                        "kid-1",
                        "demo",
                        "acme",
                        Set.of("llm:invoke", "audit:read"),
                        Set.of("urn:postern:gateway"),
                        "client_credentials",
                        "none",
                        "inference",
                        "sid-1",
                        Optional.of("jti-0"),
                        later),
                new TokenRefused("invalid_client", Optional.of("demo"), 1),
                new SessionOpened("s-1", "relay-key", "x25519", "demo", "acme", "jti-1", "kid-1"),
                new SessionClosed("s-1", "demo", "client-closed", 12, 1),
                new RequestServed(
                        "r-1",
                        Optional.of("s-1"),
                        "/v1/chat/completions",
                        "sim-1",
                        Optional.of("primary"),
                        "demo",
                        "acme",
                        "jti-1",
                        "kid-1",
                        "ok",
                        17,
                        5,
                        Map.of("EMAIL", 2, "CARD", 1),
                        42),
                new RequestRejected(
                        "missing-scope", "/v1/models", Optional.empty(), Optional.empty(), Optional.empty(), 403, 1),
                new FrameRejected("replayed", Optional.of("s-1"), Optional.of("demo"), 1),
                new KeyTransitioned(
                        "token-signing",
                        "kid-1",
                        "spiffe://postern.local/service/token-service",
                        "i-1",
                        "PREPARED",
                        "ACTIVE",
                        "scheduled"),
                new KeySuspected(
                        "token-signing",
                        "kid-1",
                        "retired-signature",
                        "alert",
                        "spiffe://postern.local/service/gateway-service",
                        3),
                new CompromiseReported(
                        "i-1",
                        "token-signing",
                        "real",
                        "security/alice",
                        Optional.of("security/bob"),
                        Set.of("kid-1"),
                        Map.of("denied", 12, "acknowledged", 900),
                        1,
                        4,
                        false),
                new CertificateIssued("spiffe://postern.local/service/gateway-service", "0a", "join", later),
                new AdminChanged("spiffe://postern.local/operator/cli", "client-created", "client", "demo"),
                new ApprovalRequested(
                        "a-1",
                        "security/alice",
                        "archive.open",
                        "archive",
                        "digest",
                        Optional.of("incident 7"),
                        Optional.of("0123456789abcdef"),
                        Optional.of(Set.of("c-1", "c-2"))),
                new ApprovalDecided(
                        "a-1",
                        "security/bob",
                        "security/alice",
                        "approved",
                        Optional.of("bob"),
                        Optional.of("digest"),
                        Optional.of("signature")),
                new BodyCaptured(
                        "c-1", "r-1", "demo", "acme", "request", 1, 2, "digest", SealedPart.of(new byte[32 << 10])),
                new ArchiveOpened(
                        "o-1",
                        "alice",
                        Set.of("bob", "cleo"),
                        "digest",
                        "incident 7",
                        2,
                        Optional.of(Set.of("c-1", "c-2")),
                        Optional.of("0123456789abcdef")),
                new RevocationIssued("r-1", "security/alice", "client", "demo", "key-lost"),
                new PolicyPublished("security/alice", 7, 3, "digest"),
                new RedactionPolicyPublished("guardian", "acme", 7, "digest"),
                new RedactionPolicyWithdrawn("guardian", "acme", 8),
                new ContainmentOrdered(
                        "i-1",
                        "spiffe://postern.local/service/gateway-service",
                        "spike",
                        "revoke-session",
                        "demo",
                        Optional.of("s-1"),
                        970),
                new LegalHoldPlaced("operator", "case-7", Set.of("2026w48"), "a court's order"),
                new LegalHoldReleased("operator", "case-7", "settled"),
                new ServiceStarted("gateway-service", "i-1", "0.1.0"),
                new ServiceStopped("gateway-service", "i-1", "shutdown"),
                new SequenceGapFound("spiffe://postern.local/service/gateway-service", "00", 5, 7),
                new SpoolDamaged("1.spool", 3, 4),
                new ProducerSilent("spiffe://postern.local/service/gateway-service", "00", later));
    }
}
