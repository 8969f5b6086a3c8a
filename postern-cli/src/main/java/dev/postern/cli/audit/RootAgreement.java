package dev.postern.cli.audit;

import dev.postern.audit.root.RootEntry;
import dev.postern.audit.root.RootState;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.LogReport;
import dev.postern.tlog.LogVerifier;
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
/// elsewhere. A directory without any root log, of an earlier release, is judged without one.
final class RootAgreement {
    private static final String SUFFIX = "/" + RootEntry.LOG;
    /// The newest shard may not be recorded yet, nor the end of the one before it.
    private static final int UNRECORDED_BEGINNINGS = 1;

    private static final int UNRECORDED_ENDS = 2;

    private final RootState state;
    private final String prefix;
    private final Path keys;

    private RootAgreement(RootState state, String prefix, Path keys) {
        this.state = state;
        this.prefix = prefix;
        this.keys = keys;
    }

    /// The same shards, with what the root log adds; ordered by origin.
    ///
    /// @param directory holds `log/` and `vkeys/`
    static List<AuditVerification.Shard> judge(Path directory, List<AuditVerification.Shard> shards)
            throws IOException {
        Optional<AuditVerification.Shard> root = shards.stream()
                .filter(shard ->
                        shard.origin().endsWith(SUFFIX) && shard.report().sound())
                .findFirst();
        if (root.isEmpty()) {
            return shards;
        }
        Path keys = directory.resolve("vkeys");
        String origin = root.get().origin();
        String prefix = origin.substring(0, origin.length() - SUFFIX.length());
        return new RootAgreement(RootState.of(entries(directory, origin)), prefix, keys).judge(shards);
    }

    private static List<RootEntry> entries(Path directory, String origin) throws IOException {
        List<RootEntry> entries = new ArrayList<>();
        NoteVerifier key = NoteVerifier.parse(
                        Files.readString(directory.resolve("vkeys").resolve(RootEntry.LOG + ".vkey"))
                                .strip())
                .orElseThrow(() -> new IOException("the root log's key has changed while it was read"));
        LogVerifier.verify(
                directory.resolve("log").resolve(origin),
                key,
                (_, leaf) -> RootEntry.parse(leaf).ifPresent(entries::add));
        return entries;
    }

    private List<AuditVerification.Shard> judge(List<AuditVerification.Shard> shards) throws IOException {
        List<String> present = shards.stream()
                .map(AuditVerification.Shard::origin)
                .filter(this::isShard)
                .map(this::name)
                .sorted()
                .toList();
        List<AuditVerification.Shard> judged = new ArrayList<>();
        for (AuditVerification.Shard shard : shards) {
            String name = name(shard.origin());
            if (!RootEntry.isShard(name)) {
                judged.add(shard);
            } else if (!state.shard(name).deleted()) {
                int newer = present.size() - present.indexOf(name) - 1;
                judged.add(shard.report().sound() ? judge(shard, name, newer) : shard);
            }
        }
        for (String name : state.shards()) {
            boolean reported = shards.stream()
                    .map(AuditVerification.Shard::origin)
                    .map(this::name)
                    .anyMatch(name::equals);
            if (!reported && !state.shard(name).deleted()) {
                judged.add(fault(
                        prefix + "/" + name,
                        name + ".vkey",
                        "the shard is missing, and the root log does not say that it was deleted"));
            }
        }
        return judged.stream()
                .sorted(Comparator.comparing(AuditVerification.Shard::origin))
                .toList();
    }

    private boolean isShard(String origin) {
        return RootEntry.isShard(name(origin)) && !state.shard(name(origin)).deleted();
    }

    /// Of a key without its log there is only the name.
    private String name(String origin) {
        return origin.startsWith(prefix + "/") ? origin.substring(prefix.length() + 1) : origin;
    }

    private AuditVerification.Shard judge(AuditVerification.Shard shard, String name, int newer) throws IOException {
        RootState.Shard recorded = state.shard(name);
        if (recorded.vkey().isEmpty()) {
            return newer < UNRECORDED_BEGINNINGS
                    ? shard
                    : fault(shard.origin(), name + ".vkey", "the root log does not know this shard");
        }
        if (!recorded.vkey().equals(key(name))) {
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

    private Optional<String> key(String name) throws IOException {
        try {
            return Optional.of(Files.readString(keys.resolve(name + ".vkey")).strip());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static AuditVerification.Shard fault(String origin, String path, String what) {
        return new AuditVerification.Shard(
                origin, new LogReport(Optional.empty(), 0, Optional.of(new Inconsistency(-1, path, what))));
    }
}
