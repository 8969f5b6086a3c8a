package dev.postern.auditing.archive;

import dev.postern.archive.Capture;
import dev.postern.archive.OpeningRequest;
import dev.postern.archive.SealedBody;
import dev.postern.audit.EventType;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.sequence.EntryReader;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.auditing.shard.Position;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads captured bodies, still sealed, from the log.
final class CapturedBodies {
    private static final long PUBLICATION_SECONDS = 5;

    private final Sequencer sequencer;
    private final SealedLeaves leaves;

    CapturedBodies(Sequencer sequencer, SealedLeaves leaves) {
        this.sequencer = sequencer;
        this.leaves = leaves;
    }

    /// What names an event.
    record EventName(String source, String id) {
        EventName {
            if (source == null || id == null) {
                throw new IllegalArgumentException("source and id");
            }
        }
    }

    /// A capture and what of it is in the clear.
    record Found(Capture capture, SealedBody body) {
        OpeningRequest.Body named() {
            return OpeningRequest.Body.of(capture.name(), body.id());
        }
    }

    /// What the named events are.
    ///
    /// @param entries with their leaves' hashes
    /// @param captures in the order in which their first parts were named
    record Content(List<OpeningRequest.Entry> entries, List<Found> captures) {
        List<OpeningRequest.Body> bodies() {
            return captures.stream().map(Found::named).toList();
        }
    }

    /// Reads whole captures.
    ///
    /// @throws ProblemException when an event is not there or no captured part, or a part was not named
    Content read(List<EventName> events) throws IOException {
        if (events.isEmpty() || events.size() > OpeningRequest.MOST || new HashSet<>(events).size() != events.size()) {
            throw new ProblemException(ArchiveProblems.NOT_CAPTURES);
        }
        EntryReader log = new EntryReader(sequencer);
        List<OpeningRequest.Entry> entries = new ArrayList<>();
        Map<Object, List<Map<String, ?>>> parts = new LinkedHashMap<>();
        for (EventName name : events) {
            byte[] leaf = log.entry(place(name));
            EventEnvelope event =
                    leaves.event(leaf).orElseThrow(() -> new ProblemException(ArchiveProblems.UNKNOWN_EVENT));
            if (!event.type().equals(EventType.BODY_CAPTURED.wireName())) {
                throw new ProblemException(ArchiveProblems.NOT_CAPTURES);
            }
            entries.add(new OpeningRequest.Entry(
                    name.source(), name.id(), Hash.leaf(leaf).base64()));
            // One producer's capture: nobody adds parts to another's.
            parts.computeIfAbsent(
                            List.of(event.source(), String.valueOf(event.data().get("capture_id"))),
                            _ -> new ArrayList<>())
                    .add(event.data());
        }
        List<Found> captures =
                parts.values().stream().map(CapturedBodies::found).toList();
        long ids = captures.stream()
                .map(found -> found.capture().name().captureId())
                .distinct()
                .count();
        if (ids != captures.size() || captures.size() > OpeningRequest.MOST_BODIES) {
            throw new ProblemException(ArchiveProblems.NOT_CAPTURES);
        }
        return new Content(List.copyOf(entries), captures);
    }

    private static Found found(List<Map<String, ?>> parts) {
        return Capture.join(parts)
                .flatMap(capture -> SealedBody.parse(capture.sealed()).map(body -> new Found(capture, body)))
                .orElseThrow(() -> new ProblemException(ArchiveProblems.NOT_CAPTURES));
    }

    /// An event that is on disk but not yet under a checkpoint will be in a moment.
    private Position place(EventName name) throws IOException {
        CompletableFuture<Position> place = sequencer
                .find(name.source(), name.id())
                .orElseThrow(() -> new ProblemException(ArchiveProblems.UNKNOWN_EVENT));
        try {
            return place.get(PUBLICATION_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
