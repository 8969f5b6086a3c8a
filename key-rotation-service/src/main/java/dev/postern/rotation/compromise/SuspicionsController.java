package dev.postern.rotation.compromise;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.chassis.keys.Trigger;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.directory.KeyClasses;
import dev.postern.rotation.directory.RotationProperties;
import dev.postern.rotation.lifecycle.KeyClass;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/keys/{class}/{kid}/suspicions`: a service that uses keys saw a sign that one is in the wrong hands.
@RestController
final class SuspicionsController {
    private static final Problem UNKNOWN_TRIGGER =
            new Problem(400, "unknown-trigger", "The trigger is unexpected-use, retired-signature or aead-failures.");

    /// @param madeAt when the newest of what is suspicious was made, in seconds of the epoch; without it the ledger
    /// does
    ///     not ask whether the key may have made it
    record Suspicion(
            String trigger,
            int count,
            @JsonProperty("made_at") @Nullable Long madeAt) {
        Suspicion {
            Objects.requireNonNull(trigger, "trigger");
            if (count < 1 || (madeAt != null && (madeAt < 0 || madeAt > LATEST))) {
                throw new IllegalArgumentException("count, or made_at");
            }
        }

        Optional<Instant> made() {
            return Optional.ofNullable(madeAt).map(Instant::ofEpochSecond);
        }
    }

    /// The end of the year 9999.
    private static final long LATEST = 253_402_300_799L;

    record Answered(String action) {}

    private final Suspicions suspicions;
    private final PeerIdentities peers;
    private final Set<String> followers;

    SuspicionsController(Suspicions suspicions, PeerIdentities peers, RotationProperties properties) {
        this.suspicions = suspicions;
        this.peers = peers;
        this.followers = properties.followers();
    }

    @PostMapping("/v1/keys/{keyClass}/{kid}/suspicions")
    Answered suspect(
            HttpServletRequest request,
            @PathVariable String keyClass,
            @PathVariable String kid,
            @RequestBody Suspicion suspicion) {
        URI reporter = peers.require(request, followers);
        KeyClass known = KeyClasses.read(keyClass);
        Trigger trigger = Trigger.of(suspicion.trigger()).orElseThrow(() -> new ProblemException(UNKNOWN_TRIGGER));
        return new Answered(suspicions.report(known, kid, trigger, reporter, suspicion.count(), suspicion.made()));
    }
}
