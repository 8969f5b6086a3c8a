package dev.postern.auditing.witness;

import dev.postern.auditing.shard.PublishedShard;
import dev.postern.tlog.note.SignedNote;
import dev.postern.tlog.store.LogStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Has what is published cosigned, a thread for each witness, away from the way of an event.
///
/// A checkpoint is sent when it is another than the one that was cosigned last, and again when its cosignature has
/// half the age that is an alarm, so that a log in which nothing happens keeps a fresh one. The shard that is written
/// and the one before it are looked after.
///
/// Failure direction: open. Without witnesses everything goes on; the age of the newest cosignature rises, and the log
/// says so once it passes the bound. A witness that has seen another history is told of as an error, and counted.
final class Witnessing implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Witnessing.class.getName());
    private static final int LONGEST_PAUSES = 60;

    private final List<WitnessClient> clients;
    private final Supplier<List<PublishedShard>> shards;
    private final Cosignatures cosignatures;
    private final WitnessProperties settings;
    private final Clock clock;
    /// When shards were first looked at, by origin.
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    /// Of two witnesses' threads, one changes a closed shard's checkpoint at a time.
    private final Object keeping = new Object();
    private final Map<String, LongAdder> contradictions;
    /// Why a witness gave none for a log the last time: the same is not said again.
    private final Map<Asked, String> said = new ConcurrentHashMap<>();

    private record Asked(String witness, String origin) {}

    /// @param shards  newest first
    Witnessing(
            List<WitnessClient> clients,
            Supplier<List<PublishedShard>> shards,
            Cosignatures cosignatures,
            WitnessProperties settings,
            Clock clock) {
        this.clients = List.copyOf(clients);
        this.shards = shards;
        this.cosignatures = cosignatures;
        this.settings = settings;
        this.clock = clock;
        shards.get().forEach(shard -> seen.put(shard.origin(), clock.instant()));
        this.contradictions =
                this.clients.stream().collect(Collectors.toMap(WitnessClient::witness, _ -> new LongAdder()));
    }

    void start() {
        for (WitnessClient client : clients) {
            Thread.ofVirtual().name("audit-witness-" + client.witness()).start(() -> run(client));
        }
    }

    private void run(WitnessClient client) {
        int failures = 0;
        boolean stale = false;
        try {
            while (!closing.await(pause(failures), TimeUnit.MILLISECONDS)) {
                failures = round(client) ? 0 : failures + 1;
                boolean now = isStale(client.witness());
                if (now && !stale) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "the newest cosignature of witness {0} is older than {1}",
                            client.witness(),
                            settings.cosignatureBound());
                }
                stale = now;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private long pause(int failures) {
        return settings.witnessPause().toMillis() * Math.min(LONGEST_PAUSES, 1L << Math.min(failures, 6));
    }

    /// Whether every checkpoint that was due is cosigned. One that is refused keeps no other from it: a witness that
    /// does not know the new shard yet cosigns the end of the last one.
    private boolean round(WitnessClient client) throws InterruptedException {
        boolean all = true;
        boolean written = true;
        for (PublishedShard shard : shards.get()) {
            all &= cosigned(client, shard, written);
            written = false;
        }
        return all;
    }

    private boolean cosigned(WitnessClient client, PublishedShard shard, boolean written) throws InterruptedException {
        try {
            PublishedShard.Signed signed = shard.checkpoint();
            String text = SignedNote.text(signed.note().getBytes(StandardCharsets.UTF_8))
                    .orElseThrow(() -> new IOException("the checkpoint of " + shard.origin() + " is no note"));
            if (written) {
                written(client, shard, signed, text);
            } else {
                closed(client, shard, signed, text);
            }
            said.remove(new Asked(client.witness(), shard.origin()));
            return true;
        } catch (WitnessRefused e) {
            refused(client, shard, e);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the published log cannot be read for a witness", e);
        }
        return false;
    }

    private void written(WitnessClient client, PublishedShard shard, PublishedShard.Signed signed, String text)
            throws IOException, WitnessRefused, InterruptedException {
        if (isDue(shard.origin(), text, client.witness())) {
            cosignatures.put(shard.origin(), text, client.ask(shard, signed));
        }
    }

    /// Nobody writes a closed shard's checkpoint any more: its cosignatures are kept in the file.
    private void closed(WitnessClient client, PublishedShard shard, PublishedShard.Signed signed, String text)
            throws IOException, WitnessRefused, InterruptedException {
        if (client.in(signed, text).isPresent()) {
            return;
        }
        if (cosignatures.time(shard.origin(), text, client.witness()).isEmpty()) {
            cosignatures.put(shard.origin(), text, client.ask(shard, signed));
        }
        synchronized (keeping) {
            String kept = cosignatures.onto(shard.origin(), shard.checkpoint().note());
            shard.storage().replace(LogStorage.CHECKPOINT, kept.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void refused(WitnessClient client, PublishedShard shard, WitnessRefused refusal) {
        switch (refusal.kind()) {
            case AWAY -> {
                String sentence = String.valueOf(refusal.getMessage());
                if (!sentence.equals(said.put(new Asked(client.witness(), shard.origin()), sentence))) {
                    LOG.log(System.Logger.Level.WARNING, sentence);
                }
            }
            case CONTRADICTS -> {
                contradictions.getOrDefault(client.witness(), new LongAdder()).increment();
                LOG.log(System.Logger.Level.ERROR, refusal.getMessage());
            }
        }
    }

    private boolean isDue(String origin, String text, String witness) {
        Instant renewed = clock.instant().minus(settings.cosignatureBound().dividedBy(2));
        return cosignatures
                .time(origin, text, witness)
                .filter(renewed::isBefore)
                .isEmpty();
    }

    List<String> witnesses() {
        return clients.stream().map(WitnessClient::witness).toList();
    }

    /// Since the newest cosignature of a witness for the shard that is written; when there is none, since it was first
    /// seen here.
    Duration age(String witness) {
        Instant newest = shards.get().stream()
                .findFirst()
                .map(shard -> cosignatures
                        .newest(shard.origin(), witness)
                        .orElseGet(() -> seen.computeIfAbsent(shard.origin(), _ -> clock.instant())))
                .orElseGet(clock::instant);
        Duration age = Duration.between(newest, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    boolean isStale(String witness) {
        return age(witness).compareTo(settings.cosignatureBound()) > 0;
    }

    /// How often a witness said that it has seen another history.
    long contradictions(String witness) {
        return contradictions.getOrDefault(witness, new LongAdder()).sum();
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
