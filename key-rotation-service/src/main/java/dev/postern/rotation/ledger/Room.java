package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.Attendance;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyClass.Custody;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// How many keys the ledger takes: no holder, no owner and no class crowds out the others, and keys cannot keep a
/// certificate from being issued. Nor does what has ended: a holder without a usable key of a class gets its first one
/// in beyond what its service may have. Not without end: holders are made up as easily as named, and one that leaves
/// makes room for the next, while its keys are usable until their windows are over.
///
/// Where an owner has that many too, its own new processes have no key until some of the old ones' have ended; others
/// go on. Where all is full nothing new is taken: what is active stays so beyond its period, and a process that starts
/// has no key. The bound is what the trust feed can tell of; a denial that it could not tell would be worse.
final class Room {
    /// A holder needs one active key of a class, one spare, and a few that retire.
    private static final int OF_A_SLOT = 16;
    /// Of one service, usable.
    private static final int OF_AN_OWNER = 400;
    /// Of one service, usable, with the first keys of its holders: three for each that [Attendance] has room for.
    private static final int WITH_FIRST_KEYS = OF_AN_OWNER + 100;
    /// Of one service, those of its processes that are destroyed and remembered.
    private static final int ENDED_OF_AN_OWNER = 200;
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
        Predicate<ManagedKey> ofTheSlot = it -> it.state().usable() && it.slot().equals(key.slot());
        return fewer(OF_A_SLOT, ring, ofTheSlot)
                && fewer(
                        fewer(1, ring, ofTheSlot) ? WITH_FIRST_KEYS : OF_AN_OWNER,
                        ring,
                        it -> !isCertificate(it) && it.state().usable() && sameOwner.test(it))
                && fewer(OF_ALL, ring, it -> !isCertificate(it))
                && (!isOfAProcess(key) || attendance.hasRoomFor(key.holder()));
    }

    /// The ids of destroyed keys that are forgotten before their time, the oldest of those who have too many. Only such
    /// as went with a process, which offers none of them again; a key that was denied is never among them.
    static Set<String> tooManyEnded(KeyRing ring) {
        Map<URI, List<ManagedKey>> ended = ring.keys().values().stream()
                .filter(key -> isOfAProcess(key) && key.state() instanceof KeyState.Destroyed)
                .collect(Collectors.groupingBy(ManagedKey::owner));
        return ended.values().stream()
                .flatMap(keys -> keys.stream()
                        .sorted(Comparator.comparing(
                                        (ManagedKey key) -> key.state().since())
                                .reversed()
                                .thenComparing(ManagedKey::kid))
                        .skip(ENDED_OF_AN_OWNER))
                .map(ManagedKey::kid)
                .collect(Collectors.toUnmodifiableSet());
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
