package dev.postern.redacting.pseudonym;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.WrappedSets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The root keys as a set that key management wraps. Reading moves it to the newest version of what wraps it, if that
/// can be written now; else the key directory asks for it later.
///
/// Guarantee: a set that was altered, or that another key management wrapped, is an error and is left alone; never a
/// fresh start that nobody notices. So is one that another process has changed since: the set has one owner. A write
/// whose outcome is unknown is our own, whichever way it went; of several the last.
/// Should one of those before it land after all, and late, the set is another process' to it until it is read again, at
/// the next start.
///
/// For one thread at a time: [ConversationVault] writes under a lock of its own.
public final class SealedRoots implements RootStore {
    private static final Logger LOG = LoggerFactory.getLogger(SealedRoots.class);
    private static final String SET = "pseudonym-roots";
    /// What wraps them.
    public static final KeyName WRAPPING = KeyName.wrapping("pseudonym");
    private static final byte[] CONTEXT = "postern pseudonym roots 1".getBytes(StandardCharsets.US_ASCII);

    private final KeyManagement kms;
    private final WrappedSets sets;
    private Optional<byte[]> seen = Optional.empty();
    /// Sent, and not answered: it may be what is there.
    private Optional<byte[]> unanswered = Optional.empty();

    private static final class Overtaken extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Overtaken(String place) {
            super("The pseudonym roots in " + place
                    + " were changed by another process: a set of roots has one owner.");
        }
    }

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
        try {
            var _ = renew();
        } catch (Overtaken e) {
            Arrays.fill(keys, (byte) 0);
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("the pseudonym roots stay under the version of {} that they are under", WRAPPING, e);
        }
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
        Optional<byte[]> before = unanswered;
        if (before.isPresent() && isPresent(sets.read(SET), before)) {
            seen = before;
            before = Optional.empty();
        }
        unanswered = Optional.of(wrapped);
        while (!sets.replace(SET, seen.orElse(null), wrapped)) {
            Optional<byte[]> present = sets.read(SET);
            if (!isPresent(present, before) && !isPresent(present, unanswered)) {
                unanswered = Optional.empty();
                throw new Overtaken(sets.placeOf(SET));
            }
            seen = present;
        }
        seen = unanswered;
        unanswered = Optional.empty();
    }

    private static boolean isPresent(Optional<byte[]> present, Optional<byte[]> ours) {
        return present.isPresent() && ours.isPresent() && Arrays.equals(present.get(), ours.get());
    }
}
