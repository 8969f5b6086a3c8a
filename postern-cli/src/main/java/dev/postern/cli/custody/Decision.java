package dev.postern.cli.custody;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningDecision.Kind;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientPublicKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A custodian's decision on what the audit-service shows.
///
/// Guarantee: what is signed is the digest of what was shown, computed here; and a share is given only of the body
/// whose
/// name was shown, whatever the service says, since it opens under no other.
public final class Decision {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final JsonNode shown;

    /// @param shown as `GET /v1/openings/{id}` answers
    public Decision(JsonNode shown) {
        this.shown = shown;
    }

    /// Signs a refusal.
    public ObjectNode refused(CustodianKey key) {
        return signed(key, Kind.REFUSED, requireDigest());
    }

    /// Signs an approval, and seals this custodian's share of each body to who asked.
    ///
    /// @throws Failure when a share does not open, or the digest is another one's
    public ObjectNode approved(CustodianKey key) {
        String digest = requireDigest();
        RecipientPublicKey recipient = RecipientPublicKey.parse(text("recipient"))
                .orElseThrow(() -> new Failure(ExitCode.REFUSED, "The request names no key that shares could go to."));
        ObjectNode decision = signed(key, Kind.APPROVED, digest);
        ArrayNode shares = decision.putArray("shares");
        for (JsonNode capture : shown.path("captures")) {
            try (Share share = share(key, capture)) {
                shares.addObject()
                        .put("capture", capture.path("capture_id").asString(""))
                        .put("sealed", BASE64.encodeToString(share.sealTo(recipient, OpeningRequest.context(digest))));
            } catch (IOException | IllegalArgumentException e) {
                throw new Failure(
                        "Nothing was approved. Of capture "
                                + capture.path("capture_id").asString("?") + ": " + e.getMessage() + ".",
                        e);
            }
        }
        return decision;
    }

    private static Share share(CustodianKey key, JsonNode capture) throws IOException {
        String custodian = key.custodian().name();
        for (JsonNode portion : capture.path("portions")) {
            if (portion.path("custodian").asString("").equals(custodian)) {
                return key.share(
                        new SealedBody.Portion(
                                Base64.getUrlDecoder()
                                        .decode(portion.path("body").asString("")),
                                custodian,
                                portion.path("x").asInt(0),
                                Base64.getUrlDecoder()
                                        .decode(portion.path("sealed").asString(""))),
                        ArchiveService.name(capture).label());
            }
        }
        throw new Failure(
                ExitCode.REFUSED,
                "Nothing was approved. Capture " + capture.path("capture_id").asString("?") + " was not sealed to "
                        + custodian + ".");
    }

    private ObjectNode signed(CustodianKey key, Kind kind, String digest) {
        String id = shown.path("opening").path("id").asString("");
        ObjectNode decision = JsonMapper.shared()
                .createObjectNode()
                .put("custodian", key.custodian().name())
                .put("kind", kind.name().toLowerCase(Locale.ROOT))
                .put("signature", BASE64.encodeToString(key.sign(new OpeningDecision(id, kind, digest))));
        decision.putArray("shares");
        return decision;
    }

    /// The digest of what was shown.
    private String requireDigest() {
        List<OpeningRequest.Entry> entries = new ArrayList<>();
        for (JsonNode event : shown.path("events")) {
            entries.add(new OpeningRequest.Entry(
                    event.path("source").asString(""),
                    event.path("id").asString(""),
                    event.path("leaf").asString("")));
        }
        try {
            JsonNode opening = shown.path("opening");
            String digest = new OpeningRequest(
                            opening.path("requester").asString(""),
                            opening.path("reason").asString(""),
                            text("recipient"),
                            entries)
                    .digest();
            if (digest.equals(opening.path("digest").asString(""))) {
                return digest;
            }
        } catch (IllegalArgumentException _) {
            // Falls through: nothing that could be signed.
        }
        throw new Failure(
                ExitCode.REFUSED,
                "Nothing was signed: what is shown is not what the digest is of. Tell whoever keeps the audit-service.");
    }

    private String text(String field) {
        return shown.path(field).asString("");
    }
}
