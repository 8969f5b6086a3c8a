package dev.postern.redacting.pseudonym;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The root keys as a set that key management wraps.
///
/// Guarantee: a set that was altered, or that another key management wrapped, is an error and is left alone; never a
/// fresh start that nobody notices. So is one that another process has changed since: the set has one owner.
///
/// Guarded by the lock of the [ConversationVault].
public final class SealedRoots implements RootStore {
    private static final String SET = "pseudonym-roots";
    private static final KeyName WRAPPING = KeyName.wrapping("pseudonym");
    private static final byte[] CONTEXT = "postern pseudonym roots 1".getBytes(StandardCharsets.US_ASCII);

    private final KeyManagement kms;
    private final WrappedSets sets;
    private Optional<byte[]> seen = Optional.empty();

    public SealedRoots(KeyManagement kms, WrappedSets sets) {
        this.kms = kms;
        this.sets = sets;
    }

    @Override
    public Optional<byte[]> read() {
        seen = sets.read(SET);
        return seen.map(wrapped -> kms.unwrap(WRAPPING, wrapped, CONTEXT));
    }

    @Override
    public void write(byte[] keys) {
        byte[] wrapped = kms.wrap(WRAPPING, keys, CONTEXT);
        if (!sets.replace(SET, seen.orElse(null), wrapped)) {
            throw new IllegalStateException("The pseudonym roots in " + sets.placeOf(SET)
                    + " were changed by another process: a set of roots has one owner.");
        }
        seen = Optional.of(wrapped);
    }
}
