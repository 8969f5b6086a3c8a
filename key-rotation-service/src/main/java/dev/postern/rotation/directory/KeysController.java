package dev.postern.rotation.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Registration by the key's owner, and the list for operators.
@RestController
final class KeysController {
    private static final Problem NOT_COMPROMISED =
            new Problem(409, "not-compromised", "This is no compromised key of yours.");

    /// @param jwk missing where the class has no public half
    record Registration(UUID instance, @Nullable Map<String, Object> jwk) {
        Registration {
            Objects.requireNonNull(instance, "instance");
        }
    }

    record Ended(UUID instance, int sessions) {
        Ended {
            Objects.requireNonNull(instance, "instance");
            if (sessions < 0) {
                throw new IllegalArgumentException("sessions");
            }
        }
    }

    record Registered(String kid, String state, long version) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listing(
            long version,
            boolean leads,
            @JsonProperty("paused_since") @Nullable Instant pausedSince,
            List<Listed> keys,
            List<Follower> followers) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(
            String kid,
            @JsonProperty("class") String keyClass,
            URI owner,
            String instance,
            String state,
            Instant since,
            @Nullable Instant until) {
        static Listed of(ManagedKey key) {
            return new Listed(
                    key.kid(),
                    key.keyClass().wireName(),
                    key.owner(),
                    key.instance(),
                    key.state().label(),
                    key.state().since(),
                    key.state() instanceof KeyState.Retiring retiring ? retiring.until() : null);
        }
    }

    record Follower(
            URI id,
            String instance,
            long applied,
            @JsonProperty("seen_at") Instant seenAt) {}

    private final KeyLedger ledger;
    private final PeerIdentities peers;
    private final Set<String> operators;

    KeysController(KeyLedger ledger, PeerIdentities peers, RotationProperties properties) {
        this.ledger = ledger;
        this.peers = peers;
        this.operators = properties.operators();
    }

    @PutMapping("/v1/keys/{keyClass}/{kid}")
    Registered register(
            HttpServletRequest request,
            @PathVariable String keyClass,
            @PathVariable String kid,
            @RequestBody Registration registration) {
        KeyClass known = KeyClasses.read(keyClass);
        URI owner = peers.require(request, known.owners());
        Map<String, Object> sent = registration.jwk();
        Map<String, String> jwk = PublicKeys.read(known, kid, sent == null ? Map.of() : sent);
        Holder holder = new Holder(owner, registration.instance().toString());
        ManagedKey key = LedgerCalls.answer(() -> ledger.register(holder, known, kid, jwk));
        return new Registered(key.kid(), key.state().label(), ledger.ring().version());
    }

    /// The owner of a compromised key has ended what it signed or sealed.
    @PostMapping("/v1/keys/{keyClass}/{kid}/ended")
    void ended(
            HttpServletRequest request,
            @PathVariable String keyClass,
            @PathVariable String kid,
            @RequestBody Ended ended) {
        URI owner = peers.require(request, KeyClasses.read(keyClass).owners());
        Holder holder = new Holder(owner, ended.instance().toString());
        if (!LedgerCalls.answer(() -> ledger.ended(holder, kid, ended.sessions()))) {
            throw new ProblemException(NOT_COMPROMISED);
        }
    }

    @GetMapping("/v1/keys")
    Listing list(HttpServletRequest request) {
        peers.require(request, operators);
        KeyRing ring = ledger.ring();
        List<Listed> keys = ring.keys().values().stream()
                .sorted(Comparator.comparing((ManagedKey key) -> key.state().since())
                        .thenComparing(ManagedKey::kid))
                .map(Listed::of)
                .toList();
        List<Follower> followers = ledger.attendance().entrySet().stream()
                .map(entry -> new Follower(
                        entry.getKey().id(),
                        entry.getKey().instance(),
                        entry.getValue().applied(),
                        entry.getValue().seen()))
                .sorted(Comparator.comparing(
                                (Follower follower) -> follower.id().toString())
                        .thenComparing(Follower::instance))
                .toList();
        return new Listing(ring.version(), ledger.leads(), ledger.pausedSince().orElse(null), keys, followers);
    }
}
