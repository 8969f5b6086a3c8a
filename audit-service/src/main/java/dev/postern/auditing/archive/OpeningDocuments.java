package dev.postern.auditing.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.archive.CaptureName;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// What is said over the wire of requests to open. Octets are base64url without padding.
final class OpeningDocuments {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private OpeningDocuments() {}

    /// `POST /v1/openings`
    record Ask(List<CapturedBodies.EventName> events, String reason, String recipient) {
        Ask {
            events = List.copyOf(events);
            if (reason == null || recipient == null) {
                throw new IllegalArgumentException("reason and recipient");
            }
        }
    }

    /// `POST /v1/openings/{id}/decisions`
    record Decide(String custodian, String kind, String signature, List<SealedShare> shares) {
        Decide {
            if (custodian == null || kind == null || signature == null) {
                throw new IllegalArgumentException("custodian, kind and signature");
            }
            shares = List.copyOf(shares);
        }
    }

    /// A share on its way to who asked.
    record SealedShare(String capture, String sealed) {
        SealedShare {
            if (capture == null || sealed == null) {
                throw new IllegalArgumentException("capture and sealed");
            }
        }
    }

    /// An opening in a list.
    record Summary(
            String id,
            String state,
            String requester,
            String reason,
            String digest,
            int captures,
            List<Decided> decisions,
            @JsonProperty("asked_at") Instant askedAt,
            @JsonProperty("expires_at") Instant expiresAt) {
        static Summary of(Opening opening) {
            return new Summary(
                    opening.id(),
                    opening.state().name().toLowerCase(Locale.ROOT),
                    opening.by().actor(),
                    opening.request().reason(),
                    opening.digest(),
                    opening.captures().size(),
                    Decided.of(opening),
                    opening.asked(),
                    opening.expires());
        }
    }

    /// Who said what, and what proves it.
    record Decided(String custodian, String kind, String signature) {
        static List<Decided> of(Opening opening) {
            return opening.decisions().stream()
                    .map(decision -> new Decided(
                            decision.custodian(),
                            decision.kind().name().toLowerCase(Locale.ROOT),
                            decision.signature()))
                    .toList();
        }
    }

    /// An opening with all that a custodian needs to decide.
    record Detail(Summary opening, String recipient, List<OpeningRequest.Entry> events, List<Shown> captures) {
        static Detail of(Opening opening, CapturedBodies.Content content) {
            return new Detail(
                    Summary.of(opening),
                    opening.request().recipient(),
                    opening.request().entries(),
                    content.captures().stream().map(Shown::of).toList());
        }
    }

    /// What of a capture is in the clear.
    record Shown(
            @JsonProperty("capture_id") String captureId,
            @JsonProperty("request_id") String requestId,
            @JsonProperty("client_id") String clientId,
            String tenant,
            String kind,
            int octets,
            List<Portion> portions) {
        static Shown of(CapturedBodies.Found found) {
            CaptureName name = found.capture().name();
            return new Shown(
                    name.captureId(),
                    name.requestId(),
                    name.clientId(),
                    name.tenant(),
                    name.kind(),
                    found.capture().sealed().length,
                    found.body().portions().stream().map(Portion::of).toList());
        }
    }

    /// A custodian's part.
    record Portion(String body, String custodian, int x, String sealed) {
        static Portion of(SealedBody.Portion portion) {
            return new Portion(
                    BASE64.encodeToString(portion.body()),
                    portion.custodian(),
                    portion.x(),
                    BASE64.encodeToString(portion.sealed()));
        }
    }

    /// `POST /v1/openings/{id}/release`
    record Released(String id, String digest, List<Decided> decisions, List<Body> captures) {
        static Released of(Opening opening, CapturedBodies.Content content) {
            return new Released(
                    opening.id(),
                    opening.digest(),
                    Decided.of(opening),
                    content.captures().stream()
                            .map(found -> Body.of(opening, found))
                            .toList());
        }
    }

    /// A sealed body with the two shares that open it, sealed to who asked.
    record Body(
            @JsonProperty("capture_id") String captureId,
            @JsonProperty("request_id") String requestId,
            @JsonProperty("client_id") String clientId,
            String tenant,
            String kind,
            String sealed,
            List<Share> shares) {
        static Body of(Opening opening, CapturedBodies.Found found) {
            CaptureName name = found.capture().name();
            return new Body(
                    name.captureId(),
                    name.requestId(),
                    name.clientId(),
                    name.tenant(),
                    name.kind(),
                    BASE64.encodeToString(found.capture().sealed()),
                    opening.decisions().stream()
                            .map(decision -> Share.of(decision, found))
                            .toList());
        }
    }

    /// A custodian's share.
    ///
    /// @param x 0 when the body has no share of this custodian
    record Share(String custodian, int x, String sealed) {
        static Share of(Opening.Decision decision, CapturedBodies.Found found) {
            int x = found.body()
                    .portion(decision.custodian())
                    .map(SealedBody.Portion::x)
                    .orElse(0);
            return new Share(
                    decision.custodian(),
                    x,
                    decision.shares().getOrDefault(found.capture().name().captureId(), ""));
        }
    }
}
