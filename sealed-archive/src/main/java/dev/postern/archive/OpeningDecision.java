package dev.postern.archive;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a custodian says of one request to open bodies, and signs.
///
/// @param opening the request's id
/// @param digest SHA-256 of what exactly was asked, hexadecimal
public record OpeningDecision(String opening, Kind kind, String digest) {
    /// What was decided.
    public enum Kind {
        APPROVED,
        REFUSED
    }

    /// The octets that are signed: five lines, none of which can hold a line break.
    byte[] statement(String custodian) {
        if (opening.indexOf('\n') >= 0 || digest.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an opening's id and digest are one line each");
        }
        String text = String.join(
                "\n",
                "postern-opening-decision-1",
                opening,
                kind.name().toLowerCase(Locale.ROOT),
                custodian,
                digest,
                "");
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
