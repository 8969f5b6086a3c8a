package dev.postern.auditing.serve;

import dev.postern.audit.root.RootEntry;
import dev.postern.auditing.leaf.Leaf;
import dev.postern.auditing.query.ReadAccess;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.witness.Cosignatures;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `GET /log/<origin>/{checkpoint, tile/…}` for anyone, without any credential. Only a bundle with an event in the
/// clear, as earlier releases wrote them, is for who may read events. `GET /log/` names the logs, an origin a line,
/// the shards from the oldest on and the root log, and `GET /vkeys/<last part of origin>.vkey` gives the key of each,
/// `.mldsa44` the second key where there is one:
/// whoever takes it from here has to
/// trust this server for it.
///
/// Only paths that are, to the letter, the name of a shard and of a tile or checkpoint are looked up, so no path
/// leads out of the log.
@RestController
final class LogFilesController {

    private static final String ROOT = "/log/";
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);
    private static final String KEY_SUFFIX = ".vkey";
    private static final String SECOND_SUFFIX = ".mldsa44";
    private static final String ENTRIES = "tile/entries/";
    private static final CacheControl FOR_EVER_PRIVATE =
            CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable();
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final ShardFiles files;
    private final ReadAccess access;
    private final Cosignatures cosignatures;

    LogFilesController(ShardFiles files, ReadAccess access, Cosignatures cosignatures) {
        this.files = files;
        this.access = access;
        this.cosignatures = cosignatures;
    }

    @GetMapping(ROOT)
    ResponseEntity<String> origins() throws IOException {
        StringBuilder origins = new StringBuilder();
        files.shards().forEach(shard -> origins.append(files.origin(shard)).append('\n'));
        if (files.rootVkey().isPresent()) {
            origins.append(files.rootOrigin()).append('\n');
        }
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(CacheControl.noCache())
                .body(origins.toString());
    }

    @GetMapping("/vkeys/{file}")
    ResponseEntity<String> key(@PathVariable String file) throws IOException {
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(CacheControl.noCache())
                .body(vkey(file).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)) + "\n");
    }

    private Optional<String> vkey(String file) throws IOException {
        int dot = file.indexOf('.');
        String name = dot < 0 ? "" : file.substring(0, dot);
        return switch (dot < 0 ? "" : file.substring(dot)) {
            case KEY_SUFFIX -> first(name);
            case SECOND_SUFFIX ->
                name.equals(RootEntry.LOG) || ShardName.isName(name) ? files.secondVkey(name) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<String> first(String name) throws IOException {
        if (name.equals(RootEntry.LOG)) {
            return files.rootVkey();
        }
        return ShardName.isName(name) ? files.vkey(new ShardName(name)) : Optional.empty();
    }

    @GetMapping(ROOT + "**")
    ResponseEntity<?> file(HttpServletRequest request) throws IOException {
        String prefix = ROOT + files.prefix() + "/";
        String uri = request.getRequestURI();
        if (!uri.startsWith(prefix)) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        String rest = uri.substring(prefix.length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        String name = rest.substring(0, slash);
        LogStorage log = log(name);
        String path = rest.substring(slash + 1);
        return path.equals(LogStorage.CHECKPOINT)
                ? checkpoint(files.prefix() + "/" + name, log)
                : tile(request, log, path);
    }

    private LogStorage log(String name) {
        if (name.equals(RootEntry.LOG)) {
            return files.root();
        }
        if (!ShardName.isName(name)) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        return files.log(new ShardName(name));
    }

    /// With the signature lines of the witnesses that cosigned it.
    private ResponseEntity<String> checkpoint(String origin, LogStorage log) throws IOException {
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(CacheControl.noCache())
                .body(cosignatures.onto(
                        origin, new String(content(log, LogStorage.CHECKPOINT), StandardCharsets.UTF_8)));
    }

    private ResponseEntity<byte[]> tile(HttpServletRequest request, LogStorage log, String path) throws IOException {
        Optional<Tile> tile = Tile.parse(path);
        if (tile.isEmpty()) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        byte[] content = content(log, tile.get().path());
        boolean clear = tile.get().path().startsWith(ENTRIES) && holdsClearEvent(content);
        if (clear) {
            access.require(request);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(clear ? FOR_EVER_PRIVATE : FOR_EVER)
                .body(content);
    }

    private static boolean holdsClearEvent(byte[] bundle) {
        return EntryBundle.decode(bundle).stream()
                .flatMap(List::stream)
                .flatMap(entry -> Leaf.parse(entry).stream())
                .anyMatch(leaf -> leaf.kind() == Leaf.Kind.EVENT);
    }

    private static byte[] content(LogStorage log, String path) throws IOException {
        return log.read(path).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
    }
}
