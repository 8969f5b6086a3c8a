package dev.postern.client;

import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.StreamProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A streamed answer, event by event: a blocking cursor, made for virtual threads.
///
/// **Guarantee.** Each event is authentic, in order and delivered once, and [#next] is empty only at the answer's true
/// end: whatever cuts it off is thrown.
///
/// **Back-pressure.** At most 1 MiB of unread events is held, beside one that is not whole yet; then nothing more is
/// read from the connection, which all
/// requests of the client share. A reader that leaves it so for 3 s loses its answer
/// ([PosternFailure.ReadTooSlowly]), so that it cannot hold up the others.
///
/// One thread reads. Any thread may close, which cancels the request at the relay when it is not over.
public final class AnswerStream implements AutoCloseable {
    /// The relay's own refusal at its deadline should come before we give up.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Sessions sessions;
    private final Settings settings;
    private final Request request;
    private final Supplier<String> messageIds;
    private final Clock clock;
    private final Deadline deadline;
    private volatile Running running;
    private volatile boolean over;
    private String messageId;
    private int attempts;
    /// Until when relays know the request by its present id; there is none before a frame of it has left.
    private @Nullable Memory remembered;
    /// Whether some of it has left, by whatever id.
    private boolean left;
    /// Whether it had left in an attempt that was lost before this one.
    private boolean lost;

    private record Running(Link link, Inbox inbox, int stream) {}

    /// The end of a span by two clocks, whichever is there first: one stands still while a machine sleeps, the other
    /// may be set.
    private record Memory(Deadline deadline, Instant until) {
        static Memory of(Duration time, Clock clock) {
            return new Memory(Deadline.in(time), clock.instant().plus(time));
        }

        boolean passed(Clock clock) {
            return deadline.passed() || !clock.instant().isBefore(until);
        }
    }

    private AnswerStream(
            Sessions sessions, Settings settings, Request request, Supplier<String> messageIds, Clock clock)
            throws PosternFailure, InterruptedException {
        this.sessions = sessions;
        this.settings = settings;
        this.request = request;
        this.messageIds = messageIds;
        this.clock = clock;
        this.messageId = messageIds.get();
        this.deadline = Deadline.in(request.deadline().plus(GRACE));
        this.running = start();
    }

    /// Sends the request.
    ///
    /// @param messageIds gives a new one each time
    static AnswerStream open(
            Sessions sessions, Settings settings, Request request, Supplier<String> messageIds, Clock clock)
            throws PosternFailure, InterruptedException {
        sessions.requireOpen();
        return new AnswerStream(sessions, settings, request, messageIds, clock);
    }

    private Running start() throws PosternFailure, InterruptedException {
        while (true) {
            attempts++;
            Inbox inbox = new Inbox(settings);
            Link link = link();
            try {
                return new Running(link, inbox, send(link, inbox));
            } catch (PosternFailure failure) {
                prepareAnother(failure, inbox);
            }
        }
    }

    private Link link() throws PosternFailure, InterruptedException {
        try {
            return sessions.link(deadline);
        } catch (PosternFailure failure) {
            throw told(failure);
        } catch (IllegalStateException broken) {
            if (left) {
                throw new PosternFailure.SessionLost(broken);
            }
            throw broken;
        }
    }

    /// The failure as the caller may take it.
    private PosternFailure told(PosternFailure failure) {
        return left ? failure.afterLeaving() : failure.beforeLeaving();
    }

    /// A relay that refuses a request before it looks whether it is known says nothing of what became of it before.
    private PosternFailure undecided(PosternFailure failure) {
        return lost
                        && !request.isHarmless()
                        && failure instanceof PosternFailure.Refused refused
                        && refused.precedesTheLookUp()
                ? new PosternFailure.SessionLost(refused)
                : failure;
    }

    private int send(Link link, Inbox inbox) throws PosternFailure, InterruptedException {
        Memory known = remembered;
        if (known != null && known.passed(clock) && !request.isHarmless()) {
            throw new PosternFailure.EffectUnknown();
        }
        Duration timeLeft = Duration.ofNanos(deadline.left()).minus(GRACE);
        // A relay remembers from when it has the request, so longer; what is taken off lets one arrive in time.
        Memory forgotten = Memory.of(link.remembers().minus(settings.patience()), clock);
        try {
            return link.begin(inbox, request.document(messageId, timeLeft), deadline);
        } finally {
            if (inbox.sent()) {
                left = true;
                if (remembered == null) {
                    remembered = forgotten;
                }
            }
        }
    }

    /// Returns when the request may be sent once more.
    ///
    /// @throws PosternFailure the one given, when it may not
    private void prepareAnother(PosternFailure failure, Inbox inbox) throws PosternFailure, InterruptedException {
        boolean anew = failure instanceof PosternFailure.EffectUnknown && request.isHarmless();
        boolean again = failure.passes() || anew;
        boolean may = !over && !sessions.isClosed() && !inbox.answered() && !deadline.passed();
        if (!again || !may || attempts >= settings.attempts()) {
            // What cuts off an answer says itself that there was one.
            throw inbox.answered() ? failure : undecided(told(failure));
        }
        lost = left;
        if (anew) {
            messageId = messageIds.get();
            remembered = null;
        }
        sessions.pauseAfter(attempts, deadline);
    }

    /// Waits for the next event; empty at the end, or after [#close].
    ///
    /// @throws PosternFailure when the answer is refused, or cut off; after that it is over
    public Optional<Answer> next() throws PosternFailure, InterruptedException {
        while (!over) {
            Running now = running;
            try {
                Optional<Message> message = now.inbox.take(deadline);
                if (!now.inbox.full()) {
                    now.link.drained(now.inbox);
                }
                over = message.isEmpty() || message.get().last();
                Optional<Answer> answer = message.map(Message::content)
                        .filter(content -> content.length > 0)
                        .map(Answer::new);
                if (answer.isPresent()) {
                    return answer;
                }
                // An empty message ends a stream; in the middle of one it says nothing.
            } catch (PosternFailure failure) {
                restart(failure, now.inbox);
            }
        }
        return Optional.empty();
    }

    private void restart(PosternFailure failure, Inbox inbox) throws PosternFailure, InterruptedException {
        boolean going = false;
        try {
            prepareAnother(failure, inbox);
            running = start();
            going = !over;
        } finally {
            if (!going) {
                close();
            }
        }
    }

    /// Gives up what has not come yet.
    @Override
    public void close() {
        over = true;
        Running now = running;
        now.inbox.abandon();
        now.link.cancel(now.stream, StreamProblem.CANCELLED);
    }

    @Override
    public String toString() {
        return "AnswerStream[" + request.operation() + "]";
    }
}
