package dev.postern.cli.audit;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.tlog.Inconsistency;
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

    private final Place place;
    private final PriorKnowledge prior;
    private final Optional<NoteVerifier> root;
    /// What was recorded before the shards were looked at: none of it can be untrue of what was found then.
    private final RootState before;

    private RootAgreement(Place place, PriorKnowledge prior, Optional<NoteVerifier> root, RootState before) {
        this.place = place;
        this.prior = prior;
        this.root = root;
        this.before = before;
    }

    /// Reads the root log. To be called before the shards are looked at, for they may be written to meanwhile.
    ///
    /// @param prior the root log's key may be pinned there
    static RootAgreement before(Place place, PriorKnowledge prior) throws IOException {
        Optional<NoteVerifier> pinned = prior.keys().values().stream()
                .filter(key -> key.name().endsWith(SUFFIX))
                .findFirst();
        Optional<NoteVerifier> root = (pinned.isPresent() ? pinned : shown(place))
                .filter(key -> key.name().endsWith(SUFFIX))
                .filter(key -> ServedVerification.ORIGIN.matcher(key.name()).matches());
        return new RootAgreement(
                place, prior, root, root.isEmpty() ? RootState.of(List.of()) : state(place, root.get()));
    }

    private static Optional<NoteVerifier> shown(Place place) throws IOException {
        return text(place, RootEntry.LOG).flatMap(NoteVerifier::parse);
    }

    private static Optional<String> text(Place place, String name) throws IOException {
        return place.key(name).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip());
    }

    private static RootState state(Place place, NoteVerifier key) throws IOException {
        List<RootEntry> entries = new ArrayList<>();
        var _ = LogVerifier.verifyServed(
                place.log(key.name()),
                key,
                PriorKnowledge.NONE,
                (_, leaf) -> RootEntry.parse(leaf).ifPresent(entries::add));
        return RootState.of(entries);
    }

    /// The same shards, with what the root log adds; ordered by origin. An unsound root log is among them, and judges
    /// nothing.
    List<AuditVerification.Shard> judge(List<AuditVerification.Shard> shards) throws IOException {
        Optional<NoteVerifier> sound = root.filter(key -> shards.stream()
                .anyMatch(shard ->
                        shard.origin().equals(key.name()) && shard.report().sound()));
        if (sound.isEmpty()) {
            return shards;
        }
        String origin = sound.get().name();
        String prefix = origin.substring(0, origin.length() - RootEntry.LOG.length());
        // Tells what was deleted meanwhile.
        RootState now = state(place, sound.get());
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
                judged.add(recorded(shard, name, present.size() - present.indexOf(name) - 1));
            } else {
                judged.add(shard);
            }
        }
        for (String name : before.shards()) {
            if (!present.contains(name) && !now.shard(name).deleted()) {
                judged.add(fault(
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
                ? fault(
                        shard,
                        "checkpoint",
                        "the root log says that this shard, which is known of, was deleted, and nothing says whose root log"
                                + " it is: bring along its key (--vkey) or a checkpoint of it (--since) as well")
                : new AuditVerification.Shard(shard, new LogReport(Optional.empty(), 0, Optional.empty()), true);
    }

    /// @param newer how many shards there are that began later
    private AuditVerification.Shard recorded(AuditVerification.Shard shard, String name, int newer) throws IOException {
        RootState.Shard recorded = before.shard(name);
        if (recorded.vkey().isEmpty()) {
            return newer < UNRECORDED_BEGINNINGS
                    ? shard
                    : fault(shard.origin(), name + ".vkey", "the root log does not know this shard");
        }
        if (!recorded.vkey().equals(key(shard.origin(), name))) {
            return fault(shard.origin(), name + ".vkey", "the root log has another key for this shard");
        }
        if (recorded.checkpoint().isEmpty()) {
            return newer < UNRECORDED_ENDS
                    ? shard
                    : fault(shard.origin(), "checkpoint", "the root log does not know how this shard ended");
        }
        return recorded.checkpoint()
                        .flatMap(Checkpoint::parse)
                        .equals(shard.report().checkpoint())
                ? shard
                : fault(shard.origin(), "checkpoint", "the root log has another last checkpoint for this shard");
    }

    /// By which the shard was checked.
    private Optional<String> key(String origin, String name) throws IOException {
        Optional<String> pinned = prior.key(origin).map(NoteVerifier::toString);
        return pinned.isPresent() ? pinned : text(place, name);
    }

    private static AuditVerification.Shard fault(String origin, String path, String what) {
        return new AuditVerification.Shard(
                origin, new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, path, what))));
    }
}
