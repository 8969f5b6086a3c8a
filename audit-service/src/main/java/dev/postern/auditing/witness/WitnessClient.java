package dev.postern.auditing.witness;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.tlog.note.Cosignature;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.witness.AddCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks one witness for cosignatures (C2SP tlog-witness). For one thread.
final class WitnessClient {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOCKS_APART = Duration.ofMinutes(5);
    private static final int LONGEST_ANSWER = 16 << 10;

    private final HttpClient http;
    private final URI address;
    private final CosignatureVerifier key;
    private final Clock clock;
    /// What the witness has, as far as it said, by origin.
    private final Map<String, Long> sizes = new HashMap<>();

    WitnessClient(HttpClient http, URI url, CosignatureVerifier key, Clock clock) {
        this.http = http;
        this.address = URI.create(url.toString().replaceAll("/+$", "") + "/add-checkpoint");
        this.key = key;
        this.clock = clock;
    }

    String witness() {
        return key.name();
    }

    /// The witness' cosignature among a checkpoint's own signature lines.
    Optional<Cosignature> in(PublishedShard.Signed signed, String text) {
        return signed.note()
                .lines()
                .flatMap(line -> key.verify(text, line).stream())
                .findFirst();
    }

    /// The cosignature of a published checkpoint.
    ///
    /// @throws IOException when the shard's own files cannot be read
    Cosignature ask(PublishedShard shard, PublishedShard.Signed signed)
            throws IOException, WitnessRefused, InterruptedException {
        long size = signed.checkpoint().size();
        long said = sizes.getOrDefault(shard.origin(), 0L);
        HttpResponse<byte[]> answer = send(shard, signed, said > size ? 0 : said);
        if (answer.statusCode() == 409) {
            long known = size(answer.body());
            sizes.put(shard.origin(), known);
            // More than is published although this was read after the witness had said so.
            boolean another = said > size || (said > 0 && known == said);
            if (another && known >= size) {
                throw contradiction(shard, "has " + known + " entries of it, this service " + size);
            }
            if (known > size) {
                throw overtaken(shard, known, size);
            }
            answer = send(shard, signed, known);
            if (answer.statusCode() == 409) {
                long since = size(answer.body());
                if (since > known) {
                    sizes.put(shard.origin(), since);
                    throw overtaken(shard, since, size);
                }
            }
        }
        if (answer.statusCode() == 422 || answer.statusCode() == 409) {
            throw contradiction(shard, "says that its " + size + " entries do not continue what it saw");
        }
        if (answer.statusCode() != 200) {
            throw new WitnessRefused(
                    WitnessRefused.Kind.AWAY,
                    "witness " + witness() + reason(answer.statusCode()) + " (" + shard.origin() + ")");
        }
        Cosignature cosignature = verified(signed, answer.body());
        sizes.put(shard.origin(), size);
        return cosignature;
    }

    private HttpResponse<byte[]> send(PublishedShard shard, PublishedShard.Signed signed, long old)
            throws IOException, WitnessRefused, InterruptedException {
        long size = signed.checkpoint().size();
        List<Hash> proof = old == 0 || old >= size
                ? List.of()
                : TiledLog.proofs(shard.storage(), size).consistency(old, size);
        byte[] body = new AddCheckpoint(old, proof, signed.note().getBytes(StandardCharsets.UTF_8)).bytes();
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            answer.cancel(true);
            throw new WitnessRefused(WitnessRefused.Kind.AWAY, "witness " + witness() + " does not answer");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case 403 -> " has another key of this log";
            case 404 -> " does not know this log: give it the log's verifier key";
            default -> " answered " + status;
        };
    }

    private long size(byte[] body) throws WitnessRefused {
        String text = new String(body, StandardCharsets.US_ASCII);
        if (!text.matches("(0|[1-9][0-9]{0,17})\n")) {
            throw new WitnessRefused(
                    WitnessRefused.Kind.AWAY, "witness " + witness() + " does not say which size it has");
        }
        return Long.parseLong(text.strip());
    }

    private Cosignature verified(PublishedShard.Signed signed, byte[] body) throws WitnessRefused {
        String text = SignedNote.text(signed.note().getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("a published checkpoint is a note"));
        Instant latest = clock.instant().plus(CLOCKS_APART);
        return new String(body, StandardCharsets.UTF_8)
                .lines()
                .flatMap(line -> key.verify(text, line).stream())
                .filter(cosignature -> cosignature.time().isBefore(latest))
                .findFirst()
                .orElseThrow(() -> new WitnessRefused(
                        WitnessRefused.Kind.AWAY,
                        "witness " + witness() + " answered without a cosignature of its key, or its clock is ahead"));
    }

    /// Anybody may have shown it what was published since this was read; the next time tells.
    private WitnessRefused overtaken(PublishedShard shard, long known, long size) {
        return new WitnessRefused(
                WitnessRefused.Kind.AWAY,
                "witness " + witness() + " has " + known + " entries of " + shard.origin() + ", this service read "
                        + size + ": it is asked again");
    }

    private WitnessRefused contradiction(PublishedShard shard, String what) {
        return new WitnessRefused(
                WitnessRefused.Kind.CONTRADICTS,
                "witness " + witness() + " has seen another history of " + shard.origin() + ": it " + what
                        + "; keep the log as evidence");
    }
}
