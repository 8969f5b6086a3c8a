package dev.postern.cli.audit;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.LeafVisitor;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Holds the shards of an audit log against what its root log says of them.
///
/// Guarantee: a shard with another key or another last checkpoint than was recorded, one that was not recorded, and one
/// that is missing although nothing tells of its deletion are faults; one whose deletion is recorded is none, whatever
/// is left of it. Not guaranteed: that the root log itself is the one of before; keep its key, or a checkpoint of it,
/// elsewhere. Logs without any root log, of an earlier release, are judged without one.
final class RootAgreement {
    private static final String SUFFIX = "/" + RootEntry.LOG;
    /// The newest shard may not be recorded yet, nor the end of the one before it.
    private static final int UNRECORDED_BEGINNINGS = 1;

    private static final int UNRECORDED_ENDS = 2;

    private final Source source;
    private final Optional<NoteVerifier> key;
    /// What was recorded before the shards were looked at: none of it can be untrue of what was found then.
    private final RootState before;

    /// Where the logs are.
    interface Source {
        /// The key beside a log; empty when there is none.
        ///
        /// @param name the last part of the log's origin
        Optional<String> key(String name) throws IOException;

        /// Shows the leaves of the root log, as far as it is sound.
        void leaves(NoteVerifier root, LeafVisitor visitor) throws IOException;
    }

    private RootAgreement(Source source, Optional<NoteVerifier> key, RootState before) {
        this.source = source;
        this.key = key;
        this.before = before;
    }

    /// Reads the root log. To be called before the shards are looked at, for they may be written to meanwhile.
    static RootAgreement before(Source source) throws IOException {
        Optional<NoteVerifier> key = source.key(RootEntry.LOG).flatMap(NoteVerifier::parse);
        return new RootAgreement(source, key, key.isEmpty() ? RootState.of(List.of()) : state(source, key.get()));
    }

    /// As [#before(Source)].
    ///
    /// @param directory holds `log/` and `vkeys/`
    static RootAgreement before(Path directory) throws IOException {
        return before(new Source() {
            @Override
            public Optional<String> key(String name) throws IOException {
                try {
                    return Optional.of(
                            Files.readString(directory.resolve("vkeys").resolve(name + ".vkey"))
                                    .strip());
                } catch (NoSuchFileException _) {
                    return Optional.empty();
                }
            }

            @Override
            public void leaves(NoteVerifier root, LeafVisitor visitor) throws IOException {
                var _ = LogVerifier.verify(
                        directory.resolve("log").resolve(root.name()), root, PriorKnowledge.NONE, visitor);
            }
        });
    }

    private static RootState state(Source source, NoteVerifier key) throws IOException {
        List<RootEntry> entries = new ArrayList<>();
        source.leaves(key, (_, leaf) -> RootEntry.parse(leaf).ifPresent(entries::add));
        return RootState.of(entries);
    }

    /// The same shards, with what the root log adds; ordered by origin.
    List<AuditVerification.Shard> judge(List<AuditVerification.Shard> shards) throws IOException {
        Optional<NoteVerifier> sound = key.filter(root -> shards.stream()
                .anyMatch(shard ->
                        shard.origin().equals(root.name()) && shard.report().sound()));
        if (sound.isEmpty() || !sound.get().name().endsWith(SUFFIX)) {
            return shards;
        }
        String prefix = sound.get().name().substring(0, sound.get().name().length() - RootEntry.LOG.length());
        return new Judgement(prefix, state(source, sound.get())).of(shards);
    }

    /// Of what was found.
    private final class Judgement {
        private final String prefix;
        /// Tells what was deleted meanwhile.
        private final RootState now;

        Judgement(String prefix, RootState now) {
            this.prefix = prefix;
            this.now = now;
        }

        List<AuditVerification.Shard> of(List<AuditVerification.Shard> shards) throws IOException {
            List<String> present = shards.stream()
                    .map(AuditVerification.Shard::origin)
                    .map(this::name)
                    .filter(name -> RootEntry.isShard(name) && !now.shard(name).deleted())
                    .sorted()
                    .toList();
            List<AuditVerification.Shard> judged = new ArrayList<>();
            for (AuditVerification.Shard shard : shards) {
                String name = name(shard.origin());
                if (!RootEntry.isShard(name)) {
                    judged.add(shard);
                } else if (!now.shard(name).deleted()) {
                    int newer = present.size() - present.indexOf(name) - 1;
                    judged.add(shard.report().sound() ? judged(shard, name, newer) : shard);
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
        private String name(String origin) {
            return origin.startsWith(prefix) ? origin.substring(prefix.length()) : origin;
        }
    }

    private AuditVerification.Shard judged(AuditVerification.Shard shard, String name, int newer) throws IOException {
        RootState.Shard recorded = before.shard(name);
        if (recorded.vkey().isEmpty()) {
            return newer < UNRECORDED_BEGINNINGS
                    ? shard
                    : fault(shard.origin(), name + ".vkey", "the root log does not know this shard");
        }
        if (!recorded.vkey().equals(source.key(name))) {
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

    private static AuditVerification.Shard fault(String origin, String path, String what) {
        return new AuditVerification.Shard(
                origin, new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, path, what))));
    }
}
