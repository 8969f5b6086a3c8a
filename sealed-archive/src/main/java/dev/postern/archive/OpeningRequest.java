package dev.postern.archive;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What exactly somebody asks to see. Custodians sign its digest, so that nothing of it can change between their
/// decision and the opening.
///
/// Events and bodies are both in it: that a body is the one in these events is the audit-service's word, so a custodian
/// signs what they can check, which is the name and the id that their share of the body opens under.
///
/// @param requester as the audit trail names them
/// @param reason why, 1 to 200 printable ASCII characters
/// @param recipient to whom shares are to be sealed ([dev.postern.session.RecipientPublicKey#encoded])
/// @param entries the captured parts, as the log holds them
/// @param bodies the bodies whose shares are given: the very ones, by what their shares are bound to
public record OpeningRequest(
        String requester, String reason, String recipient, List<Entry> entries, List<Body> bodies) {
    /// Entries of the largest request.
    public static final int MOST = 100;
    /// Bodies of the largest request: as many as an event can name.
    public static final int MOST_BODIES = 64;

    private static final Pattern REASON = Pattern.compile("[ -~]{1,200}");

    /// An event in the log.
    ///
    /// @param source of the event
    /// @param leaf hash of its leaf, base64
    public record Entry(String source, String id, String leaf) {}

    /// A sealed body, by what a custodian's share of it opens under, and under nothing else.
    ///
    /// @param label as [CaptureName#label]
    /// @param id the body's, base64url without padding
    public record Body(String label, String id) {
        /// Of a capture.
        ///
        /// @param id as in [SealedBody.Portion#body]
        public static Body of(CaptureName name, byte[] id) {
            return new Body(
                    name.label(), Base64.getUrlEncoder().withoutPadding().encodeToString(id));
        }
    }

    public OpeningRequest {
        entries = entries.stream()
                .sorted(Comparator.comparing(Entry::source).thenComparing(Entry::id))
                .toList();
        bodies = bodies.stream().sorted(Comparator.comparing(Body::label)).toList();
        if (!isReason(reason) || entries.isEmpty() || entries.size() > MOST) {
            throw new IllegalArgumentException("an opening has a reason and 1 to " + MOST + " entries");
        }
        boolean eachOnce = bodies.stream().map(Body::label).distinct().count() == bodies.size();
        if (bodies.isEmpty() || bodies.size() > MOST_BODIES || !eachOnce) {
            throw new IllegalArgumentException("an opening is of 1 to " + MOST_BODIES + " bodies, each once");
        }
    }

    /// Whether the text can be a reason.
    public static boolean isReason(String text) {
        return REASON.matcher(text).matches() && !text.isBlank();
    }

    /// SHA-256 of its canonical JSON (RFC 8785), hexadecimal.
    public String digest() {
        List<Map<String, String>> events = entries.stream()
                .map(entry -> Map.of("source", entry.source(), "id", entry.id(), "leaf", entry.leaf()))
                .toList();
        List<Map<String, String>> captures = bodies.stream()
                .map(body -> Map.of("label", body.label(), "body", body.id()))
                .toList();
        try {
            byte[] canonical = CanonicalJson.bytes(Map.of(
                    "form",
                    "postern-opening-2",
                    "requester",
                    requester,
                    "reason",
                    reason,
                    "recipient",
                    recipient,
                    "events",
                    events,
                    "captures",
                    captures));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NotCanonical e) {
            throw new IllegalArgumentException("an opening holds text alone", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// What shares are bound to when they are sealed to the recipient.
    ///
    /// @param digest as [#digest]
    public static byte[] context(String digest) {
        return ("postern-opening-share-1 " + digest).getBytes(StandardCharsets.US_ASCII);
    }
}
