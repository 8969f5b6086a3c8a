package dev.postern.cli.custody;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.util.Optional;

/// What a custodian knows of a request by another way than from the audit-service, which could show one request to the
/// eye and another to the key.
///
/// @param recipient name of the key that the shares are to go to, as who asks told
/// @param digest as `openings ID` printed it when the custodian looked
public record Told(Optional<String> recipient, Optional<String> digest) {
    public Told {
        if (recipient.isEmpty() && digest.isEmpty()) {
            throw new IllegalArgumentException("something that was told");
        }
    }

    /// @throws Failure when what is shown now is something else
    void require(ShownOpening shown) {
        if (recipient
                .filter(name -> !name.equalsIgnoreCase(shown.recipient().name()))
                .isPresent()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "Nothing was approved: the shares would go to the key "
                            + shown.recipient().name()
                            + ", which is not the one of --recipient. Ask who asks which key is theirs.");
        }
        if (digest.filter(text -> !text.equalsIgnoreCase(shown.digest())).isPresent()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "Nothing was approved: the request's digest is " + shown.digest()
                            + ", which is not the one of --digest. Look again: ./postern audit openings " + shown.id());
        }
    }
}
