package dev.postern.cli.audit.archive;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.MalformedEnvelope;
import dev.postern.audit.leaf.LeafKey;
import dev.postern.audit.ocsf.OcsfEvent;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.LeafVisitor;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Checks an archive from itself alone: every leaf opens under its key to exactly the event that stands beside it, the
/// OCSF object is that event's rendering, the proof leads to the log's checkpoint, the checkpoint is signed by the
/// log's key, no entry stands there twice, and no line is missing.
///
/// Guarantee: for a sound archive, every event in it was in the log when the checkpoint was signed. Non-guarantee: that
/// no event was left out of the selection, and, unless the key is pinned, whose log it was.
///
/// Memory does not grow with the archive.
public final class ArchiveVerification {
    private static final Set<String> HEADER = Set.of(
            ArchiveFormat.VERSION, ArchiveFormat.CREATED, ArchiveFormat.OCSF, ArchiveFormat.FILTER, ArchiveFormat.LOGS);
    private static final Set<String> LOG = Set.of(ArchiveFormat.ORIGIN, ArchiveFormat.VKEY, ArchiveFormat.CHECKPOINT);
    private static final Set<String> ENTRY = Set.of(
            ArchiveFormat.EVENT,
            ArchiveFormat.OCSF,
            ArchiveFormat.ORIGIN,
            ArchiveFormat.INDEX,
            ArchiveFormat.LEAF,
            ArchiveFormat.PROOF);
    private static final Set<String> END = Set.of(ArchiveFormat.EVENTS, ArchiveFormat.SHA256);
    private static final int LONGEST_PROOF = 63;

    private final PriorKnowledge prior;
    private final LeafVisitor visitor;
    private final Map<String, ArchivedLog> logs = new HashMap<>();
    /// Logs whose checkpoint lacks a signature that is wanted beside the log's own: no entry may be of one.
    private final Map<String, String> uncosigned = new HashMap<>();

    private final Map<String, Long> previous = new HashMap<>();
    private long events;
    private long index = -1;

    private ArchiveVerification(PriorKnowledge prior, LeafVisitor visitor) {
        this.prior = prior;
        this.visitor = visitor;
    }

    /// Checks a file.
    ///
    /// @param prior    where keys are pinned, no entry may be of a log without one
    /// @param visitor  sees every leaf
    /// @throws Failure when it cannot be read
    public static ArchiveReport verify(Path file, PriorKnowledge prior, LeafVisitor visitor) {
        ArchiveVerification verification = new ArchiveVerification(prior, visitor);
        try (InputStream in = Files.newInputStream(file)) {
            return verification.report(new ArchiveLines(in));
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        }
    }

    private ArchiveReport report(ArchiveLines lines) throws IOException {
        Optional<ArchiveReport.Fault> fault = Optional.empty();
        try {
            check(lines);
        } catch (InvalidArchive e) {
            fault = Optional.of(new ArchiveReport.Fault(lines.number(), index, e.what()));
        }
        return new ArchiveReport(events, List.copyOf(logs.values()), fault);
    }

    private void check(ArchiveLines lines) throws IOException, InvalidArchive {
        header(ArchiveObject.parse(lines.next().orElseThrow(() -> new InvalidArchive("the file is empty"))));
        while (true) {
            byte[] line = lines.next()
                    .orElseThrow(() -> new InvalidArchive("the last line is missing: the file was cut off"));
            index = -1;
            ArchiveObject object = ArchiveObject.parse(line);
            if (object.has(ArchiveFormat.SHA256)) {
                end(object, lines);
                return;
            }
            entry(object);
            events++;
        }
    }

    private void header(ArchiveObject header) throws InvalidArchive {
        header.allow(HEADER, Set.of());
        if (header.number(ArchiveFormat.VERSION) != ArchiveFormat.VERSION_1) {
            throw new InvalidArchive("the archive is of another version");
        }
        if (!header.text(ArchiveFormat.OCSF).equals(OcsfEvent.SCHEMA)) {
            throw new InvalidArchive("the archive is of another version of OCSF");
        }
        for (ArchiveObject log : header.objects(ArchiveFormat.LOGS)) {
            log(log);
        }
    }

    private void log(ArchiveObject log) throws InvalidArchive {
        log.allow(LOG, Set.of());
        String origin = log.text(ArchiveFormat.ORIGIN);
        NoteVerifier key = NoteVerifier.parse(log.text(ArchiveFormat.VKEY))
                .filter(parsed -> parsed.name().equals(origin))
                .orElseThrow(() -> new InvalidArchive("a key is not the verifier key of its log"));
        Optional<NoteVerifier> pinned = prior.key(origin);
        if (pinned.isPresent() && !pinned.get().toString().equals(key.toString())) {
            throw new InvalidArchive("the key of " + origin + " is not the one that was pinned");
        }
        String note = log.text(ArchiveFormat.CHECKPOINT);
        Checkpoint checkpoint = Checkpoint.open(note.getBytes(StandardCharsets.UTF_8), key)
                .orElseThrow(() -> new InvalidArchive("the checkpoint of " + origin + " is not signed by its key"));
        Optional<String> missing = prior.missingWitness(note.getBytes(StandardCharsets.UTF_8));
        if (missing.isPresent()) {
            uncosigned.put(origin, missing.get());
        }
        if (logs.put(origin, new ArchivedLog(key, note, checkpoint)) != null) {
            throw new InvalidArchive("a log stands there twice");
        }
    }

    private void entry(ArchiveObject line) throws InvalidArchive {
        line.allow(ENTRY, Set.of(ArchiveFormat.LEAF_KEY));
        index = line.number(ArchiveFormat.INDEX);
        ArchivedEntry entry = new ArchivedEntry(
                line.text(ArchiveFormat.ORIGIN), index, line.octets(ArchiveFormat.LEAF), key(line), proof(line));
        ArchivedLog log = logs.get(entry.origin());
        if (log == null) {
            throw new InvalidArchive("the entry is of a log that the archive does not name");
        }
        boolean unpinned = !prior.keys().isEmpty() && prior.key(entry.origin()).isEmpty();
        if (unpinned || (!prior.second().isEmpty() && !prior.second().containsKey(entry.origin()))) {
            throw new InvalidArchive("the entry is of a log whose key is not pinned");
        }
        if (uncosigned.containsKey(entry.origin())) {
            throw new InvalidArchive("the checkpoint of the entry's log is not " + uncosigned.get(entry.origin()));
        }
        Long before = previous.put(entry.origin(), index);
        if (before != null && index >= before) {
            throw new InvalidArchive("the entries of a log do not go back, each once");
        }
        byte[] content =
                entry.content().orElseThrow(() -> new InvalidArchive("the leaf does not open under the key beside it"));
        contents(line, content);
        if (!ProofCheck.included(
                index,
                log.checkpoint().size(),
                Hash.leaf(entry.leaf()),
                entry.proof(),
                log.checkpoint().root())) {
            throw new InvalidArchive("the proof does not lead to the checkpoint");
        }
        visitor.leaf(index, entry.leaf());
    }

    private static void contents(ArchiveObject line, byte[] content) throws InvalidArchive {
        byte[] rendering;
        try {
            rendering = OcsfEvent.bytes(EnvelopeParser.parse(content));
        } catch (MalformedEnvelope | NotCanonical _) {
            throw new InvalidArchive("the leaf holds no event");
        }
        if (!Arrays.equals(canonical(line.object(ArchiveFormat.EVENT)), content)) {
            throw new InvalidArchive("the event is not the one in the leaf");
        }
        if (!Arrays.equals(canonical(line.object(ArchiveFormat.OCSF)), rendering)) {
            throw new InvalidArchive("the OCSF object is not the event's");
        }
    }

    private static byte[] canonical(ArchiveObject object) throws InvalidArchive {
        try {
            return CanonicalJson.bytes(object.fields());
        } catch (NotCanonical _) {
            throw new InvalidArchive("a value has no canonical form");
        }
    }

    private static Optional<LeafKey> key(ArchiveObject line) throws InvalidArchive {
        if (!line.has(ArchiveFormat.LEAF_KEY)) {
            return Optional.empty();
        }
        return Optional.of(LeafKey.parse(line.text(ArchiveFormat.LEAF_KEY))
                .orElseThrow(() -> new InvalidArchive("the leaf's key is none")));
    }

    private static List<Hash> proof(ArchiveObject line) throws InvalidArchive {
        List<byte[]> octets = line.octetStrings(ArchiveFormat.PROOF);
        if (octets.size() > LONGEST_PROOF || octets.stream().anyMatch(hash -> hash.length != Hash.LENGTH)) {
            throw new InvalidArchive("the proof is none");
        }
        List<Hash> proof = new ArrayList<>();
        octets.forEach(hash -> proof.add(Hash.of(hash)));
        return proof;
    }

    private void end(ArchiveObject end, ArchiveLines lines) throws IOException, InvalidArchive {
        end.allow(END, Set.of());
        if (end.number(ArchiveFormat.EVENTS) != events) {
            throw new InvalidArchive("the archive does not have as many events as it says");
        }
        if (!end.text(ArchiveFormat.SHA256).equals(lines.sumBefore())) {
            throw new InvalidArchive("the sum over the lines is another");
        }
        if (lines.next().isPresent()) {
            throw new InvalidArchive("the archive goes on after its last line");
        }
        // What was asked for must be there even if no entry is.
        if (!prior.keys().isEmpty() && logs.keySet().stream().noneMatch(prior.keys()::containsKey)) {
            throw new InvalidArchive("none of its logs is one whose key is pinned");
        }
        if (!prior.second().isEmpty() && logs.keySet().stream().noneMatch(prior.second()::containsKey)) {
            throw new InvalidArchive("none of its logs is one whose second key is pinned");
        }
        for (String origin : logs.keySet()) {
            if (prior.second().containsKey(origin) && uncosigned.containsKey(origin)) {
                throw new InvalidArchive("the checkpoint of " + origin + " is not " + uncosigned.get(origin));
            }
        }
        if (!prior.witnesses().isEmpty() && uncosigned.keySet().containsAll(logs.keySet())) {
            throw new InvalidArchive("none of its logs is cosigned");
        }
    }
}
