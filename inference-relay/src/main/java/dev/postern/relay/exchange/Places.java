package dev.postern.relay.exchange;

import java.util.Optional;

/// How many requests are served at once, and who is next. Thread-safe.
final class Places {
    /// What becomes of a request that wants a place.
    enum Entry {
        SERVED,
        WAITING,
        REFUSED
    }

    private final int most;
    private final WaitingRequests waiting;
    private int taken;

    Places(int most, int mostWaiting) {
        this.most = most;
        this.waiting = new WaitingRequests(mostWaiting);
    }

    synchronized Entry enter(RequestExchange request) {
        if (taken < most) {
            // Whoever waits is given a place as soon as one is free, so nobody waits now.
            taken++;
            return Entry.SERVED;
        }
        return waiting.offer(request) ? Entry.WAITING : Entry.REFUSED;
    }

    /// A request is over: gives whose turn it is in its place, if it had one.
    synchronized Optional<RequestExchange> leave(RequestExchange request) {
        if (waiting.remove(request)) {
            return Optional.empty();
        }
        Optional<RequestExchange> next = waiting.next();
        if (next.isEmpty()) {
            taken--;
        }
        return next;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
