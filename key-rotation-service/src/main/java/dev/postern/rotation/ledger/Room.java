package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyClass.Custody;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.util.function.Predicate;

/// How many keys the ledger takes: no holder, no owner and no class crowds out the others, and keys cannot keep a
/// certificate from being issued.
final class Room {
    /// A holder needs one active key of a class, one spare, and a few that retire.
    private static final int OF_A_SLOT = 16;
    /// Of one service, those that ended and are remembered among them.
    private static final int OF_AN_OWNER = 400;
    /// Of one service, good at the same time.
    private static final int CERTIFICATES_OF_AN_OWNER = 256;
    /// Together as many as the trust feed can tell of, were all certificates denied.
    private static final int OF_ALL = 2_000;

    private static final int CERTIFICATES_OF_ALL = 2_000;

    private Room() {}

    static boolean isFor(ManagedKey key, KeyRing ring, Attendance attendance) {
        Predicate<ManagedKey> sameOwner = it -> it.owner().equals(key.owner());
        if (isCertificate(key)) {
            return fewer(
                            CERTIFICATES_OF_AN_OWNER,
                            ring,
                            it -> isCertificate(it) && it.state().usable() && sameOwner.test(it))
                    && fewer(
                            CERTIFICATES_OF_ALL,
                            ring,
                            it -> isCertificate(it) && !(it.state() instanceof KeyState.Destroyed));
        }
        return fewer(OF_A_SLOT, ring, it -> it.state().usable() && it.slot().equals(key.slot()))
                && fewer(OF_AN_OWNER, ring, it -> !isCertificate(it) && sameOwner.test(it))
                && fewer(OF_ALL, ring, it -> !isCertificate(it))
                && (!isOfAProcess(key) || attendance.hasRoomFor(key.holder()));
    }

    private static boolean fewer(int most, KeyRing ring, Predicate<ManagedKey> which) {
        return ring.keys().values().stream().filter(which).count() < most;
    }

    private static boolean isCertificate(ManagedKey key) {
        return key.keyClass() == KeyClass.SERVICE_CERT;
    }

    /// Whether one process holds it, which says that it lives by polling: not so for what all replicas hold, nor for a
    /// certificate.
    static boolean isOfAProcess(ManagedKey key) {
        return key.keyClass().custody() == Custody.PROCESS
                || (!isCertificate(key) && !key.instance().equals(Holder.SHARED));
    }
}
