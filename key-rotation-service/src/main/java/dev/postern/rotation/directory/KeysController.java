package dev.postern.rotation.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.ledger.RegistrationRefused;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Registration by the key's owner, and the list for operators.
@RestController
final class KeysController {
    private static final Set<String> OWNERS = Set.of("service/token-service");
    private static final Problem KEY_ID_TAKEN =
            new Problem(409, "key-id-taken", "This key id is or was another key's: generate a new key.");
    private static final Problem TOO_MANY_KEYS =
            new Problem(429, "too-many-keys", "This instance holds as many keys as it may: let some retire first.");

    record Registration(UUID instance, Map<String, Object> jwk) {
        Registration {
            Objects.requireNonNull(instance, "instance");
            jwk = Map.copyOf(jwk);
        }
    }

    record Registered(String kid, String state, long version) {}

    record Listing(long version, List<Listed> keys, List<Follower> followers) {}

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

    @PutMapping("/v1/keys/token-signing/{kid}")
    Registered register(HttpServletRequest request, @PathVariable String kid, @RequestBody Registration registration) {
        URI owner = peers.require(request, OWNERS);
        Map<String, String> jwk = PublicSigningKey.read(kid, registration.jwk());
        Holder holder = new Holder(owner, registration.instance().toString());
        try {
            ManagedKey key = ledger.register(holder, KeyClass.TOKEN_SIGNING, kid, jwk);
            return new Registered(key.kid(), key.state().label(), ledger.ring().version());
        } catch (RegistrationRefused refused) {
            throw new ProblemException(
                    switch (refused.reason()) {
                        case KEY_ID_TAKEN -> KEY_ID_TAKEN;
                        case TOO_MANY_KEYS -> TOO_MANY_KEYS;
                    });
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (LedgerUnwritable _) {
            throw new ProblemException(Problem.UNAVAILABLE);
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
        return new Listing(ring.version(), keys, followers);
    }
}
