package dev.postern.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one session that requests share, and its successors. Safe for many threads: `opening` is held by whoever opens,
/// so there is one attempt at a time, and before the next one everybody backs off.
final class Sessions implements AutoCloseable {
    private final Opener opener;
    private final Settings settings;
    private final SecureRandom random;
    private final ReentrantLock opening = new ReentrantLock();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Link current;
    private volatile Deadline notBefore = new Deadline(System.nanoTime());
    private volatile boolean closed;
    private int failures;

    Sessions(Opener opener, Settings settings, SecureRandom random) {
        this.opener = opener;
        this.settings = settings;
        this.random = random;
    }

    /// A session for a request: the one there is, or a new one.
    Link link(Deadline deadline) throws PosternFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Link live = current;
            if (live != null && live.usable()) {
                if (live.ending()) {
                    var _ = Thread.ofVirtual().name("postern-open-ahead").start(this::succeed);
                }
                return live;
            }
            pause(notBefore, deadline);
            if (!opening.tryLock(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
                throw new PosternFailure.TimedOut();
            }
            try {
                Link meanwhile = current;
                if (meanwhile != null && meanwhile.usable()) {
                    return meanwhile;
                }
                if (notBefore.passed()) {
                    return replace();
                }
            } catch (PosternFailure.Unavailable e) {
                if (attempt >= settings.attempts()) {
                    throw e;
                }
            } finally {
                opening.unlock();
            }
        }
    }

    /// Under `opening`.
    private Link replace() throws PosternFailure, InterruptedException {
        requireOpen();
        try {
            Link next = opener.open();
            Link previous = current;
            links.removeIf(Link::isOver);
            links.add(next);
            current = next;
            failures = 0;
            if (previous != null) {
                previous.retire();
            }
            if (closed) {
                next.close();
            }
            requireOpen();
            return next;
        } catch (PosternFailure.Unavailable e) {
            failures++;
            notBefore = Deadline.in(delay(failures));
            throw e;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /// Ahead of the end; should it fail, the request that finds the session ended tries again and says so.
    private void succeed() {
        if (!opening.tryLock()) {
            return;
        }
        try {
            Link live = current;
            if (!closed && notBefore.passed() && (live == null || live.ending())) {
                var _ = replace();
            }
        } catch (PosternFailure | IllegalStateException _) {
            // as above
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            opening.unlock();
        }
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
        closed = true;
        links.forEach(Link::close);
    }
}
