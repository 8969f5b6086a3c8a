package dev.postern.auditing.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/events`, `GET /v1/proofs` and `GET /v1/investigations`.
@RestController
final class QueryController {

    private static final long PATIENCE_SECONDS = 5;
    /// A list may be of entries of 64 KB each, in bundles of 256.
    private static final int LISTS_AT_ONCE = 4;
    /// One counts, and one waits.
    private static final int INVESTIGATIONS_AT_ONCE = 2;

    private final Sequencer sequencer;
    private final EventListing listing;
    private final EventProofs proofs;
    private final Investigations investigations;
    private final ReadAccess access;
    private final Semaphore lists = new Semaphore(LISTS_AT_ONCE);
    private final Semaphore atOnce = new Semaphore(INVESTIGATIONS_AT_ONCE);
    /// An investigation counts, which takes time in proportion to what there is, in one call of the database: on a
    /// thread of its own it holds up nobody's virtual thread.
    private final ExecutorService counting = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("audit-investigations").factory());

    QueryController(
            Sequencer sequencer,
            EventListing listing,
            EventProofs proofs,
            Investigations investigations,
            ReadAccess access) {
        this.sequencer = sequencer;
        this.listing = listing;
        this.proofs = proofs;
        this.investigations = investigations;
        this.access = access;
    }

    /// Newest first.
    ///
    /// @param next  pass as `after` for older ones; absent when there are none
    record Events(List<Event> events, @Nullable String next) {}

    /// One event and its place.
    ///
    /// @param proof  if it was asked for
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(
            String source,
            String spool,
            String id,
            long sequence,
            String type,
            String time,
            Map<String, ?> data,
            String shard,
            long index,
            EventProofs.@Nullable Proof proof) {
        static Event of(EventListing.Listed listed, EventProofs.@Nullable Proof proof) {
            EventEnvelope event = listed.event();
            return new Event(
                    event.source(),
                    event.spool(),
                    event.id(),
                    event.sequence(),
                    event.type(),
                    EventEnvelope.timestamp(event.time()),
                    event.data(),
                    listed.place().shard().value(),
                    listed.place().index(),
                    proof);
        }
    }

    @GetMapping("/v1/events")
    Events events(HttpServletRequest request) throws IOException {
        access.require(request);
        EventFilter filter = EventFilter.of(request.getParameterMap());
        if (!await(() -> lists.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
        try {
            return list(filter);
        } finally {
            lists.release();
        }
    }

    private Events list(EventFilter filter) throws IOException {
        EventListing.Page page = listing.search(filter.query());
        List<Event> events = new ArrayList<>();
        for (EventListing.Listed listed : page.events()) {
            events.add(Event.of(listed, filter.proofs() ? proofs.of(listed.place()) : null));
        }
        return new Events(events, page.next().map(EventFilter::cursor).orElse(null));
    }

    @GetMapping("/v1/proofs")
    EventProofs.Proof proof(HttpServletRequest request, @RequestParam String source, @RequestParam String id)
            throws IOException {
        access.require(request);
        return proofs.of(
                published(sequencer.find(source, id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND))));
    }

    @GetMapping("/v1/investigations")
    Investigations.Investigation investigation(
            HttpServletRequest request, @RequestParam String source, @RequestParam String id) throws IOException {
        access.require(request);
        Position place =
                published(sequencer.find(source, id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
        if (!atOnce.tryAcquire()) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
        try {
            EventListing.Listed event = listing.one(place).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
            return investigate(event);
        } finally {
            atOnce.release();
        }
    }

    private Investigations.Investigation investigate(EventListing.Listed event) throws IOException {
        Future<Investigations.Investigation> result = counting.submit(() -> investigations.of(event));
        try {
            return result.get();
        } catch (ExecutionException e) {
            // A defect of ours is no passing one: it is answered and logged as what it is.
            if (e.getCause() instanceof IOException away) {
                throw away;
            }
            throw new IllegalStateException("an investigation failed", e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    /// An event that is on disk but not yet under a checkpoint will be in a moment.
    private static Position published(CompletableFuture<Position> place) {
        return await(() -> place.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private interface Waiting<T> {
        T result() throws ExecutionException, TimeoutException, InterruptedException;
    }

    private static <T> T await(Waiting<T> waiting) {
        try {
            return waiting.result();
        } catch (ExecutionException | TimeoutException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
