package dev.postern.auditing.epoch;

import dev.postern.chassis.keys.KeySource;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/// The epochs as the key directory knows them. The day decides which seals, and the directory follows it within seconds
/// of midnight; of a compromise the directory decides.
///
/// Unlike those of other classes, keys stay when the directory calls them COMPROMISED or DESTROYED: a compromised epoch
/// seals nothing any more and stays readable, and what is past its window is shredded by the log's own retention, which
/// knows what must be held.
public final class EpochKeySource implements KeySource<Epoch> {
    private static final String PREFIX = "audit-epoch-";

    private final EpochKeys keys;
    /// Those that the directory has named. Of the owner's thread.
    private final TreeSet<Epoch> named = new TreeSet<>();

    public EpochKeySource(EpochKeys keys) {
        this.keys = keys;
    }

    @Override
    public String keyClass() {
        return "audit-epoch";
    }

    @Override
    public Retirement retirement() {
        return Retirement.HELD;
    }

    /// The one that seals, while the directory knows none or fell behind; then the one after it.
    @Override
    public Epoch next() {
        Epoch due = keys.due();
        Epoch next = named.isEmpty() || named.last().compareTo(due) < 0
                ? due
                : named.last().next();
        keys.hold(next);
        return next;
    }

    @Override
    public String keyId(Epoch epoch) {
        return PREFIX + epoch;
    }

    @Override
    public Map<String, Object> publicJwk(Epoch epoch) {
        return Map.of();
    }

    @Override
    public Optional<Epoch> load(String keyId) {
        return epoch(keyId).filter(epoch -> !keys.isDenied(epoch) && keys.isThere(epoch));
    }

    private Optional<Epoch> epoch(String keyId) {
        try {
            return Optional.of(keyId)
                    .filter(id -> id.startsWith(PREFIX))
                    .map(id -> Epoch.of(LocalDate.parse(id.substring(PREFIX.length()))))
                    .filter(epoch -> keyId(epoch).equals(keyId));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public void moved(Epoch epoch, Fate fate) {
        named.add(epoch);
        switch (fate) {
            case PREPARED, RETIRING, DESTROYED -> {}
            case ACTIVE -> keys.begin(epoch);
            case COMPROMISED -> keys.deny(epoch);
        }
    }

    /// Nothing ends: leaves stay what they are.
    @Override
    public OptionalInt endedWith(String keyId) {
        return OptionalInt.of(0);
    }
}
