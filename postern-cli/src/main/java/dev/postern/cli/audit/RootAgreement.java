package dev.postern.cli.audit;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.tlog.LogFiles;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Holds the shards of an audit log against what its root log says of them.
///
/// | found | the root log says | verdict |
/// |---|---|---|
/// | anything | deleted | deleted; a fault if the shard is known beforehand and the root log is not |
/// | nothing | opened | missing |
/// | a sound shard | nothing | a fault, but of the newest one |
/// | a sound shard | another key, or another last checkpoint | a fault |
/// | a sound shard | opened, not ended | a fault, but of the two newest ones |
/// | a sound shard | the same | sound |
/// | a broken shard | anything else | as it was found |
///
/// The root log is read before the shards, with them and after them. What is known of it beforehand is held against
/// each reading, and no entry of it counts unless all three are sound: whoever shows it may show another each time.
///
/// Not guaranteed: that the root log itself is the one of before, unless its key is pinned or a checkpoint of it is
/// known; who can write both makes a new one that calls any shard deleted. Without any root log, as of an earlier
/// release, shards are judged without one.
final class RootAgreement {
    private static final String SUFFIX = "/" + RootEntry.LOG;
    /// The newest shard may not be recorded yet, nor the end of the one before it.
    private static final int UNRECORDED_BEGINNINGS = 1;

    private static final int UNRECORDED_ENDS = 2;

    /// Where shards and their keys are shown.
    interface Place {
        /// The file of a key, as it is shown.
        Optional<byte[]> key(String name) throws IOException;

        LogReader log(String origin);

        /// A directory that holds `log/` and `vkeys/`.
        static Place of(Path directory) {
            return new Place() {
                @Override
                public Optional<byte[]> key(String name) throws IOException {
                    try {
                        return Optional.of(
                                Files.readAllBytes(directory.resolve("vkeys").resolve(name + ".vkey")));
                    } catch (NoSuchFileException _) {
                        return Optional.empty();
                    }
                }

                @Override
                public LogReader log(String origin) {
                    return new LogFiles(directory.resolve("log").resolve(origin));
                }
            };
        }
    }

    /// What one reading of the root log found.
    ///
    /// @param state  what a sound one's entries come to; nothing where it is unsound, for no entry of it is proven
    private record Reading(LogReport report, RootState state) {
        static Reading of(Place place, NoteVerifier key, PriorKnowledge prior)
                throws IOException, InterruptedException {
            List<RootEntry> entries = new ArrayList<>();
            LogReport report = LogVerifier.verifyServed(
                    CosignedLog.of(place.log(key.name()), prior),
                    key,
                    prior,
                    (_, leaf) -> RootEntry.parse(leaf).ifPresent(entries::add));
            return new Reading(report, RootState.of(report.sound() ? entries : List.of()));
        }
    }

    /// The root log as it was before the shards were looked at: none of it can be untrue of what was found then.
    private record Root(NoteVerifier key, Reading before) {}

    private final Place place;
    private final PriorKnowledge prior;
    private final Optional<Root> root;

    private RootAgreement(Place place, PriorKnowledge prior, Optional<Root> root) {
        this.place = place;
        this.prior = prior;
        this.root = root;
    }

    /// Reads the root log. To be called before the shards are looked at, for they may be written to meanwhile.
    ///
    /// @param prior what is known of the root log is held against it at each reading
    static RootAgreement before(Place place, PriorKnowledge prior) throws IOException, InterruptedException {
        Optional<NoteVerifier> pinned = prior.keys().values().stream()
                .filter(key -> key.name().endsWith(SUFFIX))
                .findFirst();
        Optional<NoteVerifier> key = (pinned.isPresent() ? pinned : shown(place))
                .filter(candidate -> candidate.name().endsWith(SUFFIX))
                .filter(candidate ->
                        ServedVerification.ORIGIN.matcher(candidate.name()).matches());
        return new RootAgreement(
                place,
                prior,
                key.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Root(key.get(), Reading.of(place, key.get(), prior))));
    }

    private static Optional<NoteVerifier> shown(Place place) throws IOException {
        return text(place, RootEntry.LOG).flatMap(NoteVerifier::parse);
    }

    private static Optional<String> text(Place place, String name) throws IOException {
        return place.key(name).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip());
    }

    /// The same shards, with what the root log adds; ordered by origin. A root log that is unsound, whenever it was
    /// read, is among them, and judges nothing.
    List<AuditVerification.Shard> judge(List<AuditVerification.Shard> shards) throws IOException, InterruptedException {
        Optional<Root> found = root.filter(log -> shards.stream()
                .anyMatch(shard -> shard.origin().equals(log.key().name())
                        && shard.report().sound()));
        if (found.isEmpty()) {
            return shards;
        }
        NoteVerifier key = found.get().key();
        Reading before = found.get().before();
        if (!before.report().sound()) {
            return replaced(shards, key.name(), before.report());
        }
        // Tells what was deleted meanwhile.
        Reading now = Reading.of(place, key, prior);
        return now.report().sound()
                ? judged(shards, key.name(), before.state(), now.state())
                : replaced(shards, key.name(), now.report());
    }

    private static List<AuditVerification.Shard> replaced(
            List<AuditVerification.Shard> shards, String origin, LogReport report) {
        return shards.stream()
                .map(shard ->
                        shard.origin().equals(origin) ? new AuditVerification.Shard(shard.origin(), report) : shard)
                .toList();
    }

    private List<AuditVerification.Shard> judged(
            List<AuditVerification.Shard> shards, String origin, RootState before, RootState now) throws IOException {
        String prefix = origin.substring(0, origin.length() - RootEntry.LOG.length());
        List<String> present = shards.stream()
                .map(shard -> name(shard.origin(), prefix))
                .filter(name -> RootEntry.isShard(name) && !now.shard(name).deleted())
                .sorted()
                .toList();
        List<AuditVerification.Shard> judged = new ArrayList<>();
        for (AuditVerification.Shard shard : shards) {
            String name = name(shard.origin(), prefix);
            if (!RootEntry.isShard(name)) {
                judged.add(shard);
            } else if (now.shard(name).deleted()) {
                judged.add(deleted(prefix + name, origin));
            } else if (shard.report().sound()) {
                judged.add(recorded(shard, name, before.shard(name), present.size() - present.indexOf(name) - 1));
            } else {
                judged.add(shard);
            }
        }
        for (String name : before.shards()) {
            if (!present.contains(name) && !now.shard(name).deleted()) {
                judged.add(AuditVerification.Shard.fault(
                        prefix + name,
                        name + ".vkey",
                        "the shard is missing, and the root log does not say that it was deleted"));
            }
        }
        return judged.stream()
                .sorted(Comparator.comparing(AuditVerification.Shard::origin))
                .toList();
    }

    /// Of a key without its log there is only the name.
    private static String name(String origin, String prefix) {
        return origin.startsWith(prefix) ? origin.substring(prefix.length()) : origin;
    }

    /// Whatever is left of it.
    private AuditVerification.Shard deleted(String shard, String root) {
        return prior.isKnown(shard) && !prior.isKnown(root)
                ? AuditVerification.Shard.fault(
                        shard,
                        "checkpoint",
                        "the root log says that this shard, which is known of, was deleted, and nothing says whose root log"
                                + " it is: bring along its key (--vkey) or a checkpoint of it (--since) as well")
                : new AuditVerification.Shard(shard, new LogReport(Optional.empty(), 0, Optional.empty()), true);
    }

    /// @param newer how many shards there are that began later
    private AuditVerification.Shard recorded(
            AuditVerification.Shard shard, String name, RootState.Shard recorded, int newer) throws IOException {
        if (recorded.vkey().isEmpty()) {
            return newer < UNRECORDED_BEGINNINGS
                    ? shard
                    : AuditVerification.Shard.fault(
                            shard.origin(), name + ".vkey", "the root log does not know this shard");
        }
        if (!recorded.vkey().equals(key(shard.origin(), name))) {
            return AuditVerification.Shard.fault(
                    shard.origin(), name + ".vkey", "the root log has another key for this shard");
        }
        if (recorded.checkpoint().isEmpty()) {
            return newer < UNRECORDED_ENDS
                    ? shard
                    : AuditVerification.Shard.fault(
                            shard.origin(), "checkpoint", "the root log does not know how this shard ended");
        }
        return recorded.checkpoint()
                        .flatMap(Checkpoint::parse)
                        .equals(shard.report().checkpoint())
                ? shard
                : AuditVerification.Shard.fault(
                        shard.origin(), "checkpoint", "the root log has another last checkpoint for this shard");
    }

    /// By which the shard was checked.
    private Optional<String> key(String origin, String name) throws IOException {
        Optional<String> pinned = prior.key(origin).map(NoteVerifier::toString);
        return pinned.isPresent() ? pinned : text(place, name);
    }
}
