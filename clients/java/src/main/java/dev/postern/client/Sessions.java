package dev.postern.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one session that requests share, and its successors. Safe for many threads: there is one attempt to open at a
/// time, on a thread of its own, and each request waits for it as long as its own deadline lets it. After a failure
/// everybody backs off before the next one.
final class Sessions implements AutoCloseable {
    private final Opener opener;
    private final Settings settings;
    private final SecureRandom random;
    /// Guards the attempt and its outcome; never held while waiting.
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Link current;
    private volatile Deadline notBefore = new Deadline(System.nanoTime());
    private volatile boolean closed;
    private @Nullable CompletableFuture<Link> attempt;
    private int failures;

    Sessions(Opener opener, Settings settings, SecureRandom random) {
        this.opener = opener;
        this.settings = settings;
        this.random = random;
    }

    /// A session for a request: the one there is, or a new one.
    ///
    /// @throws PosternFailure.SessionLost when the client is closed meanwhile
    /// @throws IllegalStateException when an attempt failed as none should; the cause says how
    Link link(Deadline deadline) throws PosternFailure, InterruptedException {
        for (int tries = 1; ; tries++) {
            Link live = current;
            if (live != null && live.usable()) {
                if (live.ending() && notBefore.passed()) {
                    // Should it fail, the request that finds the session ended tries again and says so.
                    var _ = opening();
                }
                return live;
            }
            pause(notBefore, deadline);
            try {
                return await(opening(), deadline);
            } catch (PosternFailure.Unavailable e) {
                if (tries >= settings.attempts()) {
                    throw e;
                }
            }
        }
    }

    /// The attempt that is under way, or a new one.
    private CompletableFuture<Link> opening() throws PosternFailure {
        lock.lock();
        try {
            if (closed) {
                throw new PosternFailure.SessionLost();
            }
            CompletableFuture<Link> underWay = attempt;
            if (underWay != null) {
                return underWay;
            }
            Link live = current;
            if (live != null && live.usable() && !live.ending()) {
                return CompletableFuture.completedFuture(live);
            }
            CompletableFuture<Link> begun = new CompletableFuture<>();
            attempt = begun;
            var _ = Thread.ofVirtual().name("postern-open").start(() -> open(begun));
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private void open(CompletableFuture<Link> outcome) {
        try {
            Link next = opener.open();
            opened(next);
            outcome.complete(next);
        } catch (Throwable e) {
            // Also of an Error: whoever waits must be told, and the next attempt must be possible.
            failed();
            outcome.completeExceptionally(e);
        }
    }

    private void opened(Link next) {
        lock.lock();
        try {
            attempt = null;
            failures = 0;
            links.removeIf(Link::isOver);
            links.add(next);
            Link previous = current;
            current = next;
            if (previous != null) {
                previous.retire();
            }
            if (closed) {
                next.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed() {
        lock.lock();
        try {
            attempt = null;
            failures++;
            notBefore = Deadline.in(delay(failures));
        } finally {
            lock.unlock();
        }
    }

    private static Link await(CompletableFuture<Link> opening, Deadline deadline)
            throws PosternFailure, InterruptedException {
        try {
            return opening.get(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new PosternFailure.TimedOut();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PosternFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("a session cannot be opened", e.getCause());
        }
    }

    /// @throws IllegalStateException when the client is closed
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    boolean isClosed() {
        return closed;
    }

    /// The session that a request would use now, if there is one.
    Optional<Link> live() {
        return Optional.ofNullable(current).filter(Link::usable);
    }

    /// Before a lost request is sent again. By chance, so that those who lost the same relay do not all come to the
    /// next one at the same moment.
    void pauseAfter(int losses, Deadline deadline) throws PosternFailure, InterruptedException {
        pause(Deadline.in(delay(losses)), deadline);
    }

    private Duration delay(int failed) {
        long doubled = settings.firstDelay().toNanos() << Math.min(failed - 1, 16);
        long most = Math.min(doubled, settings.maxDelay().toNanos());
        return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
    }

    private void pause(Deadline until, Deadline deadline) throws PosternFailure, InterruptedException {
        while (!until.passed()) {
            if (deadline.passed()) {
                throw new PosternFailure.TimedOut();
            }
            LockSupport.parkNanos(this, until.orEarlier(deadline).left());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            links.forEach(Link::close);
        } finally {
            lock.unlock();
        }
    }
}
