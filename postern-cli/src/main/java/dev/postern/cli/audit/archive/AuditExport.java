package dev.postern.cli.audit.archive;

import dev.postern.audit.leaf.LeafKey;
import dev.postern.cli.audit.ServedFiles;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tree.MerkleProofs;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/// Writes a selection of events into an archive: as the operator it lists them and has each leaf opened; what anybody
/// sees of the logs gives keys, checkpoints and proofs.
///
/// The checkpoints are those of the beginning, one a log: what is logged later is not in the archive.
public final class AuditExport {
    private static final int PAGE = 1000;
    /// Leaves that are asked for at the same time.
    private static final int AT_ONCE = 8;
    private static final int INDEX = 1 << 20;
    private static final int KEY = 1 << 10;

    private final URI service;
    private final PlatformHttp http;
    private final ServedFiles files;
    private final Clock clock;
    private final Progress progress;
    private final Map<String, ArchivedLog> logs = new HashMap<>();
    private final Map<String, MerkleProofs> proofs = new HashMap<>();

    /// Which events: all of a type, from a time on and before another.
    public record Selection(Optional<String> type, Optional<Instant> since, Optional<Instant> until) {
        boolean holds(Instant time) {
            return since.filter(time::isBefore).isEmpty()
                    && until.filter(end -> !time.isBefore(end)).isEmpty();
        }

        Map<String, String> text() {
            Map<String, String> text = new HashMap<>();
            type.ifPresent(name -> text.put("type", name));
            since.ifPresent(begin -> text.put("since", begin.toString()));
            until.ifPresent(end -> text.put("until", end.toString()));
            return text;
        }
    }

    /// Asks one service.
    ///
    /// @param service the audit-service
    /// @param http    with the operator's certificate
    public AuditExport(URI service, PlatformHttp http, Clock clock, Progress progress) {
        this.service = service;
        this.http = http;
        this.files = new ServedFiles(http.client(), service.resolve("/"), PlatformHttp.PATIENCE);
        this.clock = clock;
        this.progress = progress;
    }

    /// Writes the archive; only its owner may read the file.
    ///
    /// @return how many events are in it
    /// @throws Failure when the file exists already, or something cannot be read or written; no file is left then
    public long write(Path file, Selection selection) throws InterruptedException {
        boolean done = false;
        try (OutputStream out = create(file)) {
            ArchiveWriter archive = new ArchiveWriter(out);
            open();
            archive.begin(clock.instant(), selection.text(), List.copyOf(logs.values()));
            entries(archive, selection);
            long events = archive.end();
            done = true;
            return events;
        } catch (FileAlreadyExistsException e) {
            done = true;
            throw new Failure(file + " exists already.", e);
        } catch (IOException e) {
            throw new Failure("The archive cannot be written to " + file + ": " + e.getMessage() + ".", e);
        } finally {
            if (!done) {
                remove(file);
            }
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(
                Channels.newOutputStream(Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))),
                1 << 16);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new Failure(file + " is not whole, and cannot be removed.", e);
        }
    }

    /// Takes the checkpoint and the key of each log as they are now.
    private void open() {
        String index = text(files.read("log/", INDEX), "log/");
        for (String origin : index.lines().toList()) {
            String name = "vkeys/" + shard(origin) + ".vkey";
            NoteVerifier key = NoteVerifier.parse(
                            text(files.read(name, KEY), name).strip())
                    .orElseThrow(() -> new Failure(name + " is no verifier key."));
            String note = text(files.below("log/" + origin).read(LogStorage.CHECKPOINT), origin);
            Checkpoint checkpoint = Checkpoint.open(note.getBytes(StandardCharsets.UTF_8), key)
                    .orElseThrow(() -> new Failure("The checkpoint of " + origin + " is not signed by its key."));
            logs.put(shard(origin), new ArchivedLog(key, note, checkpoint));
            proofs.put(shard(origin), TiledLog.proofs(files.below("log/" + origin), checkpoint.size()));
        }
    }

    private static String shard(String origin) {
        return origin.substring(origin.lastIndexOf('/') + 1);
    }

    private static String text(Optional<byte[]> content, String path) {
        return new String(
                content.orElseThrow(() -> new Failure("The audit-service does not serve " + path + ".")),
                StandardCharsets.UTF_8);
    }

    private void entries(ArchiveWriter archive, Selection selection) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            entries(archive, selection, threads);
        } finally {
            threads.shutdownNow();
        }
    }

    private void entries(ArchiveWriter archive, Selection selection, ExecutorService threads)
            throws IOException, InterruptedException {
        long looked = 0;
        Optional<String> after = Optional.empty();
        do {
            JsonNode page = http.json(page(selection, after));
            List<Wanted> wanted = wanted(page, selection);
            List<Future<JsonNode>> opened = new ArrayList<>();
            wanted.forEach(one -> opened.add(threads.submit(() -> http.json(one.proof()))));
            for (int i = 0; i < wanted.size(); i++) {
                archive.entry(entry(wanted.get(i), answer(opened.get(i))));
            }
            looked += page.path("events").size();
            progress.detail(looked + " events looked at");
            after = Optional.of(page.path("next").asString("")).filter(next -> !next.isEmpty());
        } while (after.isPresent());
    }

    private URI page(Selection selection, Optional<String> after) {
        StringBuilder path = new StringBuilder("/v1/events?limit=" + PAGE);
        selection.type().ifPresent(type -> path.append("&type=").append(encoded(type)));
        after.ifPresent(cursor -> path.append("&after=").append(encoded(cursor)));
        return service.resolve(path.toString());
    }

    /// An event to take, and where its leaf is opened.
    private record Wanted(ArchivedLog log, MerkleProofs siblings, long index, URI proof) {}

    /// Events that came after the checkpoint was taken are left out.
    private List<Wanted> wanted(JsonNode page, Selection selection) {
        List<Wanted> wanted = new ArrayList<>();
        for (JsonNode event : page.path("events")) {
            String shard = event.path("shard").asString("");
            ArchivedLog log = logs.get(shard);
            MerkleProofs siblings = proofs.get(shard);
            long index = event.path("index").asLong(-1);
            boolean wantedTime =
                    selection.holds(Instant.parse(event.path("time").asString("")));
            if (log != null
                    && siblings != null
                    && index >= 0
                    && index < log.checkpoint().size()
                    && wantedTime) {
                URI proof = service.resolve(
                        "/v1/proofs?source=" + encoded(event.path("source").asString("")) + "&id="
                                + encoded(event.path("id").asString("")));
                wanted.add(new Wanted(log, siblings, index, proof));
            }
        }
        return wanted;
    }

    private static JsonNode answer(Future<JsonNode> opened) throws InterruptedException {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : new Failure("A leaf cannot be asked for.", e);
        }
    }

    private static ArchivedEntry entry(Wanted wanted, JsonNode proof) throws IOException {
        return new ArchivedEntry(
                wanted.log().origin(),
                wanted.index(),
                Base64.getDecoder().decode(proof.path("leaf").asString("")),
                Optional.of(proof.path("leaf_key").asString(""))
                        .filter(key -> !key.isEmpty())
                        .flatMap(LeafKey::parse),
                wanted.siblings()
                        .inclusion(wanted.index(), wanted.log().checkpoint().size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
