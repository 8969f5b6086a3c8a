package dev.postern.redacting.pseudonym;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The root keys as a set that key management wraps. Reading moves it to the newest version of what wraps it.
///
/// Guarantee: a set that was altered, or that another key management wrapped, is an error and is left alone; never a
/// fresh start that nobody notices. So is one that another process has changed since: the set has one owner. A write
/// whose outcome is unknown is our own, whichever way it went.
///
/// For one thread at a time: [ConversationVault] writes under a lock of its own.
public final class SealedRoots implements RootStore {
    private static final String SET = "pseudonym-roots";
    /// What wraps them.
    public static final KeyName WRAPPING = KeyName.wrapping("pseudonym");
    private static final byte[] CONTEXT = "postern pseudonym roots 1".getBytes(StandardCharsets.US_ASCII);

    private final KeyManagement kms;
    private final WrappedSets sets;
    private Optional<byte[]> seen = Optional.empty();
    /// Sent since the last answer: any of them may be what is there.
    private final List<byte[]> attempted = new ArrayList<>();

    public SealedRoots(KeyManagement kms, WrappedSets sets) {
        this.kms = kms;
        this.sets = sets;
    }

    @Override
    public Optional<byte[]> read() {
        seen = sets.read(SET);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        byte[] keys = kms.unwrap(WRAPPING, seen.get(), CONTEXT);
        var _ = renew();
        return Optional.of(keys);
    }

    @Override
    public void write(byte[] keys) {
        replace(kms.wrap(WRAPPING, keys, CONTEXT));
    }

    @Override
    public int renew() {
        Optional<byte[]> renewed = seen.flatMap(kept -> kms.renewed(WRAPPING, kept, CONTEXT));
        renewed.ifPresent(this::replace);
        return renewed.isPresent() ? 1 : 0;
    }

    private void replace(byte[] wrapped) {
        attempted.add(wrapped);
        while (!sets.replace(SET, seen.orElse(null), wrapped)) {
            Optional<byte[]> present = sets.read(SET);
            if (present.isEmpty() || !attempted.removeIf(ours -> Arrays.equals(ours, present.get()))) {
                // Whoever was last to change it has overtaken all of ours.
                attempted.clear();
                throw new IllegalStateException("The pseudonym roots in " + sets.placeOf(SET)
                        + " were changed by another process: a set of roots has one owner.");
            }
            seen = present;
        }
        seen = Optional.of(wrapped);
        attempted.clear();
    }
}
