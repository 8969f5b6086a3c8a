package dev.postern.cli.custody;

import dev.postern.archive.CustodianRegister;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningDecision.Kind;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A custodian's decision as the log has it, and whether they made it.
///
/// Guarantee: what is `signed` was decided by who has a key of that custodian, over that digest, for that opening,
/// whatever the audit-service says. Not guaranteed: that all decisions are in the log, and of what the digest is; that
/// is with the custodian who looked at it.
///
/// @param decision `approved` or `rejected`
public record LoggedDecision(
        String time, String opening, String custodian, String decision, String digest, boolean signed) {
    /// Reads an event.
    ///
    /// @return nothing for a decision that is no custodian's
    static Optional<LoggedDecision> of(JsonNode event, CustodianRegister custodians) {
        JsonNode data = event.path("data");
        String custodian = text(data, "custodian");
        return custodian.isEmpty()
                ? Optional.empty()
                : Optional.of(new LoggedDecision(
                        text(event, "time"),
                        text(data, "approval_id"),
                        custodian,
                        text(data, "decision"),
                        text(data, "digest"),
                        isSigned(data, custodian, custodians)));
    }

    private static boolean isSigned(JsonNode data, String custodian, CustodianRegister custodians) {
        Kind kind;
        switch (text(data, "decision")) {
            case "approved" -> kind = Kind.APPROVED;
            case "rejected" -> kind = Kind.REFUSED;
            default -> {
                return false;
            }
        }
        try {
            OpeningDecision decision = new OpeningDecision(text(data, "approval_id"), kind, text(data, "digest"));
            return custodians.made(custodian, decision, Base64.getUrlDecoder().decode(text(data, "signature")));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String text(JsonNode document, String field) {
        return document.path(field).asString("");
    }
}
