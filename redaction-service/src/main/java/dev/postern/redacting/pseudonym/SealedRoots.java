package dev.postern.redacting.pseudonym;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The root keys as a set that key management wraps, shared by all replicas that share their wrapped sets. Reading
/// moves it to the newest version of what wraps it, if that can be written now; else the key directory asks for it
/// later.
///
/// Guarantee: a set that was altered, or that another key management wrapped, is an error and is left alone; never a
/// fresh start that nobody notices. A change is made of what is there when it is written, so that replicas lose nothing
/// of each other's, and a write whose outcome is unknown can be made again.
public final class SealedRoots implements RootStore {
    private static final Logger LOG = LoggerFactory.getLogger(SealedRoots.class);
    private static final String SET = "pseudonym-roots";
    /// What wraps them.
    public static final KeyName WRAPPING = KeyName.wrapping("pseudonym");
    private static final byte[] CONTEXT = "postern pseudonym roots 1".getBytes(StandardCharsets.US_ASCII);
    /// Each time another process has changed it meanwhile.
    private static final int TRIES = 10;

    private final KeyManagement kms;
    private final WrappedSets sets;

    public SealedRoots(KeyManagement kms, WrappedSets sets) {
        this.kms = kms;
        this.sets = sets;
    }

    @Override
    public Optional<byte[]> read() {
        Optional<byte[]> keys = opened(sets.read(SET));
        if (keys.isPresent()) {
            try {
                var _ = renew();
            } catch (RuntimeException e) {
                LOG.warn("the pseudonym roots stay under the version of {} that they are under", WRAPPING, e);
            }
        }
        return keys;
    }

    private Optional<byte[]> opened(Optional<byte[]> present) {
        return present.map(wrapped -> kms.unwrap(WRAPPING, wrapped, CONTEXT));
    }

    @Override
    public void update(Function<Optional<byte[]>, byte[]> change) {
        replace(present -> {
            Optional<byte[]> keys = opened(present);
            byte[] changed = change.apply(keys);
            try {
                return Optional.of(kms.wrap(WRAPPING, changed, CONTEXT));
            } finally {
                Arrays.fill(changed, (byte) 0);
                keys.ifPresent(old -> Arrays.fill(old, (byte) 0));
            }
        });
    }

    @Override
    public int renew() {
        return replace(present -> present.flatMap(wrapped -> kms.renewed(WRAPPING, wrapped, CONTEXT))) ? 1 : 0;
    }

    /// @param change makes the wrapped set to put there; nothing when it may stay
    /// @return whether it was replaced
    private boolean replace(Function<Optional<byte[]>, Optional<byte[]>> change) {
        for (int i = 0; i < TRIES; i++) {
            Optional<byte[]> present = sets.read(SET);
            Optional<byte[]> next = change.apply(present);
            if (next.isEmpty()) {
                return false;
            }
            if (sets.replace(SET, present.orElse(null), next.get())) {
                return true;
            }
        }
        throw new IllegalStateException(
                "The pseudonym roots in " + sets.placeOf(SET) + " are changed by other processes again and again.");
    }
}
