package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One producer with a connection and numbers of its own. For one thread at a time.
final class Producer implements AutoCloseable {
    /// As many as a sink sends at most.
    static final int MOST = 512;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OK = 200;
    private static final String INDEX = "\"index\":";

    private final HttpClient client;
    private final URI events;
    private final Batches batches;

    Producer(HttpClient client, URI endpoint, Batches batches) {
        this.client = client;
        this.events = endpoint.resolve("/v1/events");
        this.batches = batches;
    }

    /// Sends until the time is over, and awaits the last answer.
    ///
    /// @param share of how many producers this is one
    Acknowledged send(Load load, int share, Duration duration) throws IOException, InterruptedException {
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        return switch (load) {
            case Load.Closed closed -> closed(closed.batch(), end);
            case Load.Paced paced -> paced(1_000_000_000L * share / paced.perSecond(), began, end);
        };
    }

    private Acknowledged closed(int batch, long end) throws IOException, InterruptedException {
        Tally tally = new Tally();
        for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
            tally.take(post(batch), began, 0, batch);
        }
        return tally.result();
    }

    private Acknowledged paced(long gap, long began, long end) throws IOException, InterruptedException {
        Tally tally = new Tally();
        long due = began;
        while (due < end) {
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
            int count = Math.clamp((Math.min(System.nanoTime(), end - 1) - due) / gap + 1, 1, MOST);
            tally.take(post(count), due, gap, count);
            due += gap * count;
        }
        return tally.result();
    }

    private HttpResponse<String> post(int count) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(events)
                .timeout(PATIENCE)
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(HttpRequest.BodyPublishers.ofString(batches.next(count)))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static final class Tally {
        private final Latencies micros = new Latencies();
        private final List<Acknowledged.Placed> last = new ArrayList<>();
        private int failed;

        /// @param due of the first event; the others `gap` after each other
        void take(HttpResponse<String> answer, long due, long gap, int count) {
            long now = System.nanoTime();
            if (answer.statusCode() != OK) {
                failed += count;
                return;
            }
            for (int i = 0; i < count; i++) {
                micros.add((now - due - gap * i) / 1000);
            }
            last.add(new Acknowledged.Placed(now, lastIndex(answer.body())));
        }

        Acknowledged result() {
            return new Acknowledged(micros, last, failed);
        }
    }

    /// The place of the last event. Answered 200, every event of the batch is on the disk.
    static long lastIndex(String acknowledgements) {
        int from = acknowledgements.lastIndexOf(INDEX) + INDEX.length();
        int to = from;
        while (Character.isDigit(acknowledgements.charAt(to))) {
            to++;
        }
        return Long.parseLong(acknowledgements, from, to, 10);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
