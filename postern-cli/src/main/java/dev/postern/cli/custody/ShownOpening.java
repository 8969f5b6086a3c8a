package dev.postern.cli.custody;

import dev.postern.archive.CaptureName;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A request to open captured bodies, as the audit-service shows it, once its digest was computed here and was the
/// same.
///
/// Guarantee: who asks, why, to which key and for which bodies is what the digest covers, so whoever signs the digest
/// signs what they saw. Not guaranteed: that somebody asked for it; and state, times, lengths and decisions are the
/// service's word.
///
/// @param recipient to whom the shares would go
/// @param digest as custodians sign it
public record ShownOpening(
        String id,
        String state,
        String askedAt,
        OpeningRequest request,
        RecipientPublicKey recipient,
        String digest,
        List<Body> bodies,
        List<JsonNode> decisions) {
    /// It is signed, and printed as part of a command.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /// A captured body, by what is in the clear of it.
    ///
    /// @param octets of it, sealed
    /// @param portions custodians' parts, of one body all
    public record Body(CaptureName name, int octets, List<SealedBody.Portion> portions) {
        public Body {
            portions = List.copyOf(portions);
            if (portions.isEmpty()) {
                throw new IllegalArgumentException("a body is somebody's to open");
            }
            byte[] id = portions.getFirst().body();
            if (portions.stream().anyMatch(portion -> !Arrays.equals(portion.body(), id))) {
                throw new IllegalArgumentException("portions of one body");
            }
        }

        OpeningRequest.Body signed() {
            return OpeningRequest.Body.of(name, portions.getFirst().body());
        }
    }

    /// Reads and checks it.
    ///
    /// @param detail as `GET /v1/openings/{id}` answers
    /// @param id that was asked for
    /// @throws Failure when it is another, or not what its digest is of
    public static ShownOpening read(JsonNode detail, String id) {
        JsonNode opening = detail.path("opening");
        try {
            RecipientPublicKey recipient = RecipientPublicKey.parse(text(detail, "recipient"))
                    .orElseThrow(() -> new IllegalArgumentException("no key"));
            List<Body> bodies = detail.path("captures")
                    .valueStream()
                    .map(ShownOpening::body)
                    .toList();
            OpeningRequest request = new OpeningRequest(
                    text(opening, "requester"),
                    text(opening, "reason"),
                    recipient.encoded(),
                    detail.path("events")
                            .valueStream()
                            .map(event -> new OpeningRequest.Entry(
                                    text(event, "source"), text(event, "id"), text(event, "leaf")))
                            .toList(),
                    bodies.stream().map(Body::signed).toList());
            String digest = request.digest();
            if (digest.equals(text(opening, "digest"))
                    && id.equals(text(opening, "id"))
                    && ID.matcher(id).matches()) {
                return new ShownOpening(
                        id,
                        text(opening, "state"),
                        text(opening, "asked_at"),
                        request,
                        recipient,
                        digest,
                        bodies,
                        opening.path("decisions").valueStream().toList());
            }
        } catch (IllegalArgumentException _) {
            // Falls through: nothing that could be signed.
        }
        throw new Failure(
                ExitCode.REFUSED,
                "Nothing was shown or signed: the audit-service shows another opening, or one that its digest is not of."
                        + " Tell whoever keeps the audit-service.");
    }

    private static Body body(JsonNode capture) {
        return new Body(
                ArchiveService.name(capture),
                capture.path("octets").asInt(0),
                capture.path("portions")
                        .valueStream()
                        .map(portion -> new SealedBody.Portion(
                                octets(portion, "body"),
                                text(portion, "custodian"),
                                portion.path("x").asInt(0),
                                octets(portion, "sealed")))
                        .toList());
    }

    private static String text(JsonNode document, String field) {
        return document.path(field).asString("");
    }

    private static byte[] octets(JsonNode document, String field) {
        return Base64.getUrlDecoder().decode(text(document, field));
    }
}
