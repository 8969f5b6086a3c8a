package dev.postern.auditing.ingest;

import dev.postern.audit.EventSchema;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import dev.postern.auditing.sequence.ConflictingEvent;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.witness.Witnessed;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.kms.KeyManagementException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/events`: a producer's batch. Answers when every event of it is on disk, or what `ack` asks for beyond that
/// ([AckLevel]), with the place of each. What does not come to its level in time is on disk all the same: sent again,
/// it
/// is answered with the place it has.
///
/// A batch is taken as a whole or refused: who is calling, then size, then form, then content are checked before
/// the first event is written.
@RestController
final class EventsController {

    private static final System.Logger LOG = System.getLogger(EventsController.class.getName());
    private static final Problem NO_WITNESS =
            new Problem(409, "no-witness", "Name a witness in postern.audit.witnesses, or ask for another ack.");

    private final Sequencer sequencer;
    private final PeerIdentities peers;
    private final IngestProperties properties;
    private final IngestMetrics metrics;
    private final ProducerWatch watch;
    private final Witnessed witnessed;

    EventsController(
            Sequencer sequencer,
            PeerIdentities peers,
            IngestProperties properties,
            IngestMetrics metrics,
            ProducerWatch watch,
            Witnessed witnessed) {
        this.watch = watch;
        this.witnessed = witnessed;
        this.sequencer = sequencer;
        this.peers = peers;
        this.properties = properties;
        this.metrics = metrics;
    }

    /// The answer's shape.
    record Acknowledgements(List<Acknowledgement> acks) {}

    /// One event's place.
    record Acknowledgement(String source, String id, String shard, long index) {}

    @PostMapping(path = "/v1/events", consumes = "application/cloudevents-batch+json")
    Acknowledgements append(HttpServletRequest request) throws IOException {
        URI peer = peers.require(request, Door.AUDIT_EVENTS);
        AckLevel level = level(request.getParameter("ack"));
        List<EventEnvelope> batch = parse(body(request));
        for (EventEnvelope event : batch) {
            if (!event.source().equals(peer.toString())) {
                LOG.log(System.Logger.Level.WARNING, "refused events of another source than their sender {0}", peer);
                throw new ProblemException(Problem.PEER_NOT_ALLOWED);
            }
            if (!event.numbered()
                    || EventSchema.problem(event.type(), event.data()).isPresent()) {
                throw new ProblemException(Problem.MALFORMED);
            }
        }
        watch.knocked(batch);
        List<Position> places = metrics.timed(() -> sequence(batch));
        if (level != AckLevel.SEQUENCED && !batch.isEmpty()) {
            awaitLevel(level, batch, places);
        }
        return acknowledgements(batch, places);
    }

    private AckLevel level(@Nullable String ack) {
        AckLevel level = ack == null
                ? AckLevel.SEQUENCED
                : AckLevel.of(ack).orElseThrow(() -> new ProblemException(Problem.MALFORMED));
        if (level == AckLevel.WITNESSED && !witnessed.isPossible()) {
            throw new ProblemException(NO_WITNESS);
        }
        return level;
    }

    /// A shard is published and cosigned in its order: what is true of the batch's last place in it is true of all. At
    /// the turn of a week, and where events are sent again, a batch lies in several.
    private void awaitLevel(AckLevel level, List<EventEnvelope> batch, List<Position> places) throws IOException {
        Map<ShardName, Position> lasts = new TreeMap<>();
        places.forEach(place -> lasts.merge(place.shard(), place, BinaryOperator.maxBy(Comparator.naturalOrder())));
        long end = System.nanoTime() + properties.patience().toNanos();
        try {
            for (Position last : lasts.values()) {
                EventEnvelope event = batch.get(places.indexOf(last));
                sequencer
                        .find(event.source(), event.id())
                        .orElseThrow(() -> new ProblemException(Problem.UNAVAILABLE))
                        .get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (level == AckLevel.WITNESSED
                        && !witnessed.await(
                                sequencer.shard(last.shard()),
                                last.index(),
                                Duration.ofNanos(end - System.nanoTime()))) {
                    throw new ProblemException(Problem.UNAVAILABLE);
                }
            }
        } catch (ExecutionException | TimeoutException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    private static Acknowledgements acknowledgements(List<EventEnvelope> batch, List<Position> places) {
        List<Acknowledgement> acks = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Position place = places.get(i);
            acks.add(new Acknowledgement(
                    batch.get(i).source(), batch.get(i).id(), place.shard().value(), place.index()));
        }
        return new Acknowledgements(acks);
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        long limit = properties.maxBatch().toBytes();
        if (request.getContentLengthLong() > limit) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
        byte[] body = request.getInputStream().readNBytes((int) limit + 1);
        if (body.length > limit) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
        return body;
    }

    private List<EventEnvelope> parse(byte[] body) {
        try {
            List<EventEnvelope> batch = EnvelopeParser.parseBatch(body);
            for (EventEnvelope event : batch) {
                if (event.bytes().length > properties.maxEvent().toBytes()) {
                    throw new ProblemException(Problem.TOO_LARGE);
                }
            }
            return batch;
        } catch (MalformedEnvelope | NotCanonical _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }

    private List<Position> sequence(List<EventEnvelope> batch) {
        try {
            List<CompletableFuture<Position>> sequenced = sequencer.submit(batch);
            CompletableFuture.allOf(sequenced.toArray(CompletableFuture[]::new))
                    .get(properties.patience().toMillis(), TimeUnit.MILLISECONDS);
            List<Position> places =
                    sequenced.stream().map(CompletableFuture::join).toList();
            metrics.taken(batch);
            watch.heard(batch);
            return places;
        } catch (NotCanonical _) {
            throw new ProblemException(Problem.MALFORMED);
        } catch (ConflictingEvent _) {
            LOG.log(System.Logger.Level.WARNING, "refused an event whose identifier is taken by another one");
            throw new ProblemException(Problem.CONFLICT);
        } catch (IOException | KeyManagementException | ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "events were not written and not acknowledged", e);
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
