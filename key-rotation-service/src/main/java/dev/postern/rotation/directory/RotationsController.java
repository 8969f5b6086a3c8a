package dev.postern.rotation.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.RotationImpossible;
import dev.postern.rotation.lifecycle.KeyClass;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/rotations`: an operator, or the security team by an admin token, replaces the active keys of a class now.
/// Answers once the new ones are active.
@RestController
final class RotationsController {
    private static final Problem UNKNOWN_CLASS =
            new Problem(400, "unknown-key-class", "There is no such class of keys; token-signing is one.");
    private static final Problem NOTHING_ACTIVE =
            new Problem(409, "nothing-active", "No key of this class is active, so there is nothing to rotate.");
    private static final Problem NO_SPARE =
            new Problem(503, "no-spare", "Not every holder has a new active key in time: is the key's owner running?");

    record Wish(@JsonProperty("class") String keyClass) {
        Wish {
            Objects.requireNonNull(keyClass, "class");
        }
    }

    record Done(@JsonProperty("class") String keyClass, List<String> activated, List<String> retiring) {}

    private final KeyLedger ledger;
    private final RotationAccess access;
    private final RotationProperties properties;

    RotationsController(KeyLedger ledger, RotationAccess access, RotationProperties properties) {
        this.ledger = ledger;
        this.access = access;
        this.properties = properties;
    }

    @PostMapping("/v1/rotations")
    Done rotate(HttpServletRequest request, @RequestBody Wish wish) {
        String operator = access.require(request);
        KeyClass keyClass = KeyClass.of(wish.keyClass()).orElseThrow(() -> new ProblemException(UNKNOWN_CLASS));
        try {
            KeyLedger.Rotated rotated = ledger.rotate(keyClass, operator, properties.patience());
            return new Done(keyClass.wireName(), rotated.activated(), rotated.retiring());
        } catch (RotationImpossible impossible) {
            throw new ProblemException(
                    switch (impossible.reason()) {
                        case NOTHING_ACTIVE -> NOTHING_ACTIVE;
                        case NO_SPARE -> NO_SPARE;
                    });
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
