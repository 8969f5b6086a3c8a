package dev.postern.auditing.ingest;

import dev.postern.auditing.sequence.Producer;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.JsonBody;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/heartbeats`: a producer lives and has nothing to send, and says what its last event was. Nothing is logged
/// of it, so that it costs the log nothing; but a producer whose acknowledged events are not in the log is a gap.
@RestController
final class HeartbeatsController {
    private static final Pattern SPOOL = Pattern.compile("[A-Za-z0-9._~:/+=-]{1,256}");
    private static final int LONGEST = 1 << 10;
    /// Of one service: whoever has a certificate may name as many spools as it likes.
    private static final int MOST_TOLD = 256;

    private final PeerIdentities peers;
    private final Sequencer sequencer;
    private final ProducerWatch watch;
    private final GapAlarm alarm;
    /// What was told already of a service's spools, the longest ago first.
    private final Map<String, Map<String, Long>> told = new ConcurrentHashMap<>();

    HeartbeatsController(PeerIdentities peers, Sequencer sequencer, ProducerWatch watch, GapAlarm alarm) {
        this.peers = peers;
        this.sequencer = sequencer;
        this.watch = watch;
        this.alarm = alarm;
    }

    /// @param last number of the producer's last event, which was acknowledged to it
    record Heartbeat(
            @Nullable String source,
            @Nullable String spool,
            @Nullable Long last) {}

    @PostMapping("/v1/heartbeats")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void take(HttpServletRequest request) {
        String peer = peers.require(request, Door.AUDIT_HEARTBEATS).toString();
        Heartbeat heartbeat = JsonBody.read(request, Heartbeat.class, LONGEST);
        String spool = heartbeat.spool();
        Long last = heartbeat.last();
        if (spool == null || last == null || last < 0 || !SPOOL.matcher(spool).matches()) {
            throw new ProblemException(Problem.MALFORMED);
        }
        if (!peer.equals(heartbeat.source())) {
            throw new ProblemException(Problem.PEER_NOT_ALLOWED);
        }
        Producer producer = new Producer(peer, spool);
        watch.heard(producer);
        compare(producer, last);
    }

    private void compare(Producer producer, long last) {
        OptionalLong known;
        try {
            known = sequencer.lastNumber(producer);
        } catch (IOException _) {
            // The index is being made anew: the next heartbeat is compared.
            return;
        }
        if (last > known.orElse(0) && isNew(producer, last)) {
            alarm.gap(producer, known, last);
        }
    }

    private boolean isNew(Producer producer, long last) {
        Map<String, Long> spools = told.computeIfAbsent(producer.source(), _ -> new LinkedHashMap<>());
        synchronized (spools) {
            Long before = spools.remove(producer.spool());
            spools.put(producer.spool(), last);
            if (spools.size() > MOST_TOLD) {
                spools.remove(spools.keySet().iterator().next());
            }
            return before == null || before != last;
        }
    }
}
