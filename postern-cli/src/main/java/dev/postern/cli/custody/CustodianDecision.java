package dev.postern.cli.custody;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningDecision.Kind;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A custodian's decision on what the audit-service shows.
///
/// Guarantee: what is signed is the digest of what was shown, the bodies whose shares are given among it; a share is
/// given only of the body whose name was shown, whatever the service says, since it opens under no other; and nothing
/// is approved but what the custodian was told of by another way.
public final class CustodianDecision {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final ShownOpening shown;

    public CustodianDecision(ShownOpening shown) {
        this.shown = shown;
    }

    /// Signs a refusal.
    public ObjectNode refused(CustodianKey key) {
        return signed(key, Kind.REFUSED);
    }

    /// Signs an approval, and seals this custodian's share of each body to who asked.
    ///
    /// @throws Failure when it is not what the custodian was told of, or a share does not open
    public ObjectNode approved(CustodianKey key, Told told) {
        told.require(shown);
        ObjectNode decision = signed(key, Kind.APPROVED);
        ArrayNode shares = decision.putArray("shares");
        byte[] context = OpeningRequest.context(shown.digest());
        for (ShownOpening.Body body : shown.bodies()) {
            try (Share share = share(key, body)) {
                shares.addObject()
                        .put("capture", body.name().captureId())
                        .put("sealed", BASE64.encodeToString(share.sealTo(shown.recipient(), context)));
            } catch (IOException e) {
                throw new Failure(
                        "Nothing was approved. Of capture " + body.name().captureId() + ": " + e.getMessage() + ".", e);
            }
        }
        return decision;
    }

    private static Share share(CustodianKey key, ShownOpening.Body body) throws IOException {
        String custodian = key.custodian().name();
        for (SealedBody.Portion portion : body.portions()) {
            if (portion.custodian().equals(custodian)) {
                return key.share(portion, body.name().label());
            }
        }
        throw new Failure(
                ExitCode.REFUSED,
                "Nothing was approved. Capture " + body.name().captureId() + " was not sealed to " + custodian + ".");
    }

    private ObjectNode signed(CustodianKey key, Kind kind) {
        ObjectNode decision = JsonMapper.shared()
                .createObjectNode()
                .put("custodian", key.custodian().name())
                .put("kind", kind.name().toLowerCase(Locale.ROOT))
                .put(
                        "signature",
                        BASE64.encodeToString(key.sign(new OpeningDecision(shown.id(), kind, shown.digest()))));
        decision.putArray("shares");
        return decision;
    }
}
