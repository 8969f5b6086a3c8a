package dev.postern.auditing.ingest;

import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.sequence.Producer;
import dev.postern.auditing.sequence.Sequencer;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/heartbeats`: a producer lives and has nothing to send, and says what its last event was. Nothing is logged
/// of it, so that it costs the log nothing; but a producer whose acknowledged events are not in the log is a gap.
@RestController
final class HeartbeatsController {
    private static final Pattern SPOOL = Pattern.compile("[A-Za-z0-9._~:/+=-]{1,256}");
    private static final int MOST_TOLD = 1_000;

    private final PeerIdentities peers;
    private final Sequencer sequencer;
    private final RootLog root;
    private final ProducerWatch watch;
    private final GapAlarm alarm;
    /// What was told already.
    private final Map<Producer, Long> told = new ConcurrentHashMap<>();

    HeartbeatsController(PeerIdentities peers, Sequencer sequencer, RootLog root, ProducerWatch watch, GapAlarm alarm) {
        this.peers = peers;
        this.sequencer = sequencer;
        this.root = root;
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
    void take(HttpServletRequest request, @RequestBody Heartbeat heartbeat) {
        String peer = peers.require(request, Door.AUDIT_HEARTBEATS).toString();
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
        // Of a producer whose events are all shredded or deleted nothing can be told.
        boolean comparable = known.isPresent() || root.state().destroyedDays() == 0;
        if (comparable
                && last > known.orElse(0)
                && told.size() < MOST_TOLD
                && !Long.valueOf(last).equals(told.put(producer, last))) {
            alarm.gap(producer, known.orElse(0) + 1, last);
        }
    }
}
