package dev.postern.rotation.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.KeyLedger.Pausing;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.Schedule;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/rotations`: an operator, or the security team by an admin token, replaces the active keys of a class now.
/// Answers once the new ones are active. Below it: the plan of the schedule, and its pause.
@RestController
final class RotationsController {
    /// @param owner path below the trust domain of the service whose keys are meant; missing for all
    record Wish(
            @JsonProperty("class") String keyClass,
            @Nullable String owner) {
        Wish {
            Objects.requireNonNull(keyClass, "class");
        }
    }

    record Done(@JsonProperty("class") String keyClass, List<String> activated, List<String> retiring) {}

    private final KeyLedger ledger;
    private final RotationAccess access;
    private final PeerIdentities peers;
    private final RotationProperties properties;

    RotationsController(KeyLedger ledger, RotationAccess access, PeerIdentities peers, RotationProperties properties) {
        this.ledger = ledger;
        this.access = access;
        this.peers = peers;
        this.properties = properties;
    }

    /// One replacement to come.
    ///
    /// @param held what holds it up; missing when nothing does
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Planned(
            @JsonProperty("class") String keyClass,
            String kid,
            URI owner,
            Instant at,
            @Nullable String held) {
        static Planned of(Schedule.Planned planned) {
            ManagedKey key = planned.key();
            return new Planned(
                    key.keyClass().wireName(),
                    key.kid(),
                    key.owner(),
                    planned.at(),
                    planned.held().isEmpty() ? null : planned.held());
        }
    }

    @PostMapping("/v1/rotations")
    Done rotate(HttpServletRequest request, @RequestBody Wish wish) {
        String operator = access.require(request, "keys.rotate").actor();
        KeyClass keyClass = KeyClasses.read(wish.keyClass());
        Optional<URI> owner = Optional.ofNullable(wish.owner()).map(peers::id);
        KeyLedger.Rotated rotated =
                LedgerCalls.answer(() -> ledger.rotate(keyClass, owner, operator, properties.patience()));
        return new Done(keyClass.wireName(), rotated.activated(), rotated.retiring());
    }

    /// The dry run: what the schedule will do, and what would hold it up now.
    @GetMapping("/v1/rotations/plan")
    List<Planned> plan(HttpServletRequest request) {
        var _ = access.require(request, "keys.plan");
        return ledger.plan().stream()
                .map(Planned::of)
                .sorted(Comparator.comparing(Planned::at).thenComparing(Planned::kid))
                .toList();
    }

    @PostMapping("/v1/rotations/pause")
    void pause(HttpServletRequest request) {
        pausing(request, Pausing.PAUSE);
    }

    @PostMapping("/v1/rotations/resume")
    void resume(HttpServletRequest request) {
        pausing(request, Pausing.RESUME);
    }

    private void pausing(HttpServletRequest request, Pausing wish) {
        String operator = access.require(request, "keys.pause").actor();
        var _ = LedgerCalls.answer(() -> {
            ledger.pause(operator, wish);
            return wish;
        });
    }
}
