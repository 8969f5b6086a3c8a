package dev.postern.cli.audit;

import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.store.LogReader;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import dev.postern.tlog.tree.Hash;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Files of a server that nobody vouches for.
///
/// Guarantee: no answer is longer than the largest file of its kind, none takes longer than the patience, headers and
/// body together, and no redirect is followed.
///
/// @param client    follows no redirects
/// @param root      ends with a slash
/// @param patience  for one answer
public record ServedFiles(HttpClient client, URI root, Duration patience) implements LogReader {
    /// As long as the longest signed note that is read.
    public static final int NOTE = 1 << 16;

    private static final int BUNDLE = Tile.FULL * (Short.BYTES + EntryBundle.MAX_ENTRY);
    private static final int HASHES = Tile.FULL * Hash.LENGTH;
    private static final String ENTRIES = "tile/entries/";

    /// Files of a log that lies below these.
    public ServedFiles below(String path) {
        return new ServedFiles(client, root.resolve(path + "/"), patience);
    }

    @Override
    public Optional<byte[]> read(String path) {
        return answer(ask(path));
    }

    /// The content, empty on 404.
    ///
    /// @param longest in octets
    /// @throws Failure when there is any other answer, or none
    public Optional<byte[]> read(String path, int longest) {
        return answer(ask(path, longest));
    }

    /// A question that is under way.
    record Asked(URI address, CompletableFuture<HttpResponse<byte[]>> answer) {}

    /// Asks for a file of a log.
    Asked ask(String path) {
        if (path.equals(LogStorage.CHECKPOINT)) {
            return ask(path, NOTE);
        }
        return ask(path, path.startsWith(ENTRIES) ? BUNDLE : HASHES);
    }

    private Asked ask(String path, int longest) {
        URI address = root.resolve(path);
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(patience).GET().build();
        return new Asked(
                address, client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), longest)));
    }

    /// Waits for an answer, as [#read(String, int)].
    Optional<byte[]> answer(Asked asked) {
        HttpResponse<byte[]> answer = await(asked.address(), asked.answer());
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            case 401, 403 ->
                throw new Failure(asked.address() + " wants a credential: a bundle of an earlier release holds events"
                        + " in the clear. Check the log's directory instead.");
            default -> throw new Failure(asked.address() + " answered " + answer.statusCode() + ".");
        };
    }

    /// The request's own timeout ends with the headers; this one holds for the body too.
    private HttpResponse<byte[]> await(URI address, CompletableFuture<HttpResponse<byte[]>> answer) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw new Failure(
                    "No good answer from " + address + " within " + patience.toSeconds()
                            + " s: nobody listens there, the certificate is not trusted (--ca), or it sent too much.",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted.", e);
        }
    }
}
