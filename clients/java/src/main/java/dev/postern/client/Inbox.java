package dev.postern.client;

import dev.postern.session.ContentTooLarge;
import dev.postern.session.MessageAssembler;
import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.Received;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What came back for one request and waits for its reader. Safe for many threads; its lock is taken last and nothing
/// is called under it.
final class Inbox {
    private static final int MESSAGE_COST = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final MessageAssembler assembler;
    private final int limit;
    private int held;
    private boolean sent;
    private boolean answered;
    private boolean abandoned;
    private @Nullable PosternFailure failure;

    Inbox(Settings settings) {
        this.assembler = new MessageAssembler(settings.maxMessage());
        this.limit = settings.unread();
    }

    /// From here on some of the request may be at the relay.
    void sending() {
        lock.lock();
        try {
            sent = true;
        } finally {
            lock.unlock();
        }
    }

    boolean sent() {
        lock.lock();
        try {
            return sent;
        } finally {
            lock.unlock();
        }
    }

    /// Whether something of an answer has come.
    boolean answered() {
        lock.lock();
        try {
            return answered;
        } finally {
            lock.unlock();
        }
    }

    /// Why nothing more will come, if that is so.
    Optional<PosternFailure> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /// With what a message costs beside its content, so that empty ones are counted as well.
    private static int size(Message message) {
        return message.content().length + MESSAGE_COST;
    }

    /// Takes a chunk; says whether it was the last.
    boolean add(Received.Delivered chunk) throws ContentTooLarge {
        lock.lock();
        try {
            answered = true;
            Optional<Message> message = assembler.add(chunk);
            message.ifPresent(whole -> {
                waiting.add(whole);
                held += size(whole);
                news.signalAll();
            });
            return message.isPresent() && message.get().last();
        } finally {
            lock.unlock();
        }
    }

    /// What had come before can still be read; then the failure follows. The first one counts.
    void fail(PosternFailure why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = answered && why.passes() ? new PosternFailure.Truncated() : why;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nobody reads any more.
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            waiting.clear();
            held = 0;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean full() {
        lock.lock();
        try {
            return held > limit;
        } finally {
            lock.unlock();
        }
    }

    /// The next message; empty when it was abandoned.
    Optional<Message> take(Deadline deadline) throws PosternFailure, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !abandoned && failure == null) {
                if (deadline.passed()) {
                    throw new PosternFailure.TimedOut();
                }
                var _ = news.await(deadline.left(), TimeUnit.NANOSECONDS);
            }
            Message next = waiting.poll();
            if (next != null) {
                held -= size(next);
                return Optional.of(next);
            }
            if (failure != null && !abandoned) {
                throw failure;
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
