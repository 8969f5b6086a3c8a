package dev.postern.sts.signing;

import dev.postern.sts.signing.KeyNotRegistered.Reason;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectoryKey.State;
import dev.postern.token.DirectorySnapshot;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The signing keys of this replica. The key directory drives them: it says which of them is ACTIVE, and while it
/// lists no spare of ours a new one is made and registered.
///
/// Guarantee: a token is signed only with a key that the directory lists as ACTIVE for this replica; a key that
/// retires or leaves the directory is forgotten here at once, so it can never sign again.
///
/// [#active] is safe for any thread and never blocks. [#reconcile] belongs to one thread.
public final class SigningKeys {

    private static final Duration RETRY = Duration.ofSeconds(2);

    private final String instance;
    private final Supplier<Optional<DirectorySnapshot>> directory;
    private final KeyRegistration registration;
    private final SecureRandom random;
    private final Clock clock;
    private final Map<String, SigningKey> held = new ConcurrentHashMap<>();
    /// Made and offered, not seen in the directory yet.
    private @Nullable SigningKey offered;

    private Instant nextOffer = Instant.EPOCH;

    SigningKeys(
            String instance,
            Supplier<Optional<DirectorySnapshot>> directory,
            KeyRegistration registration,
            SecureRandom random,
            Clock clock) {
        this.instance = instance;
        this.directory = directory;
        this.registration = registration;
        this.random = random;
        this.clock = clock;
    }

    /// The key to sign with; nothing while the directory lists none, or is too old to be believed.
    public Optional<SigningKey> active() {
        return directory
                .get()
                .flatMap(snapshot -> snapshot.of(instance, State.ACTIVE).stream()
                        .map(listed -> held.get(listed.keyId()))
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    /// Brings what is held in line with the directory.
    ///
    /// @return whether a key was registered, that is: whether the directory will change soon
    boolean reconcile() throws InterruptedException {
        Optional<DirectorySnapshot> snapshot = directory.get();
        if (snapshot.isEmpty()) {
            return false;
        }
        forgetRetired(snapshot.get());
        boolean spare = snapshot.get().of(instance, State.PREPARED).stream()
                .map(DirectoryKey::keyId)
                .anyMatch(held::containsKey);
        return !spare && offer();
    }

    private void forgetRetired(DirectorySnapshot snapshot) {
        SigningKey waiting = offered;
        if (waiting != null && snapshot.keys().containsKey(waiting.keyId())) {
            offered = null;
        }
        String stillOffered = offered == null ? "" : offered.keyId();
        held.keySet().removeIf(keyId -> {
            DirectoryKey listed = snapshot.keys().get(keyId);
            return listed == null ? !keyId.equals(stillOffered) : listed.state() == State.RETIRING;
        });
    }

    private boolean offer() throws InterruptedException {
        Instant now = clock.instant();
        if (now.isBefore(nextOffer)) {
            return false;
        }
        nextOffer = now.plus(RETRY);
        SigningKey key = offered == null ? SigningKey.generate(random) : offered;
        offered = key;
        held.put(key.keyId(), key);
        try {
            registration.register(key.keyId(), key.publicJwk());
            return true;
        } catch (KeyNotRegistered refused) {
            if (refused.reason() == Reason.KEY_ID_TAKEN) {
                // For example taken, retired and destroyed while this process slept: the next offer is a new key.
                held.remove(key.keyId());
                offered = null;
            }
            return false;
        }
    }
}
