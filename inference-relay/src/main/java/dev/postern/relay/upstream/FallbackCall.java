package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and which server it goes to next. Confined to the request's event loop.
///
/// Policy only: what an attempt is and when it went wrong in a way that another server may do better is
/// [HttpUpstreamCall]'s matter. One attempt at a time, each server once, in the configured order.
final class FallbackCall implements UpstreamCall, AttemptListener {
    private static final Logger LOG = LoggerFactory.getLogger(FallbackCall.class);

    private final Iterator<UpstreamServer> untried;
    private final ModelRequest request;
    private final Duration room;
    private final ScheduledExecutorService loop;
    private final LongSupplier nanoTime;
    private final UpstreamListener listener;
    private final String first;
    private @Nullable UpstreamServer next;
    private @Nullable HttpUpstreamCall current;
    private String asked;

    /// @param servers at least one, in order
    /// @param room no attempt is begun with less time left than this
    FallbackCall(
            List<UpstreamServer> servers,
            ModelRequest request,
            Duration room,
            ScheduledExecutorService loop,
            LongSupplier nanoTime,
            UpstreamListener listener) {
        this.untried = servers.iterator();
        this.request = request;
        this.room = room;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.first = servers.getFirst().name();
        this.asked = first;
    }

    /// Finds the next server that has the model and whose breaker lets it. A yes is a permit: [#ask] must follow.
    boolean findNext() {
        while (next == null && untried.hasNext()) {
            UpstreamServer server = untried.next();
            if (server.serves(request.model()) && server.admits()) {
                next = server;
            }
        }
        return next != null;
    }

    /// Asks the server that was found.
    void ask() {
        UpstreamServer server = Objects.requireNonNull(next);
        next = null;
        asked = server.name();
        current = server.call(request, loop, this);
    }

    @Override
    public boolean mayGoElsewhere() {
        return request.deadline() - nanoTime.getAsLong() > room.toNanos() && findNext();
    }

    @Override
    public void unserved(Failure failure) {
        if (next == null && !mayGoElsewhere()) {
            failed(failure);
            return;
        }
        try {
            ask();
        } catch (RuntimeException bug) {
            // The message may quote the key.
            LOG.error("a model server could not be asked: {}", bug.getClass().getName());
            listener.failed(Failure.of(FailureCode.INTERNAL));
        }
    }

    @Override
    public void failed(Failure failure) {
        // The client knows the models of the first: that a stand-in lacks one is no fault of the request.
        boolean lacking = failure.code() == FailureCode.UNKNOWN_MODEL && !asked.equals(first);
        listener.failed(lacking ? Failure.of(FailureCode.UPSTREAM_UNAVAILABLE) : failure);
    }

    @Override
    public void event(byte[] json) {
        listener.event(json);
    }

    @Override
    public void paused() {
        listener.paused();
    }

    @Override
    public void document(byte[] json) {
        listener.document(json);
    }

    @Override
    public void ended() {
        listener.ended();
    }

    @Override
    public String upstream() {
        return asked;
    }

    @Override
    public void pull() {
        if (current != null) {
            current.pull();
        }
    }

    @Override
    public void cancel() {
        if (current != null) {
            current.cancel();
        }
    }
}
