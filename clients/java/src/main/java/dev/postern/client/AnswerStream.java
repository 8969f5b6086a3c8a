package dev.postern.client;

import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.StreamProblem;
import java.time.Duration;
import java.util.Optional;

/// A streamed answer, event by event: a blocking cursor, made for virtual threads.
///
/// **Guarantee.** Each event is authentic, in order and delivered once, and [#next] is empty only at the answer's true
/// end: whatever cuts it off is thrown.
///
/// **Back-pressure.** At most 1 MiB of unread events is held; then nothing more is read from the connection, which all
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
    private final byte[] document;
    private final Deadline deadline;
    private volatile Running running;
    private volatile boolean over;
    private int attempts;

    private record Running(Link link, Inbox inbox, int stream) {}

    private AnswerStream(Sessions sessions, Settings settings, Request request, byte[] document)
            throws PosternFailure, InterruptedException {
        this.sessions = sessions;
        this.settings = settings;
        this.request = request;
        this.document = document;
        this.deadline = Deadline.in(request.deadline().plus(GRACE));
        this.running = start();
    }

    /// Sends the request.
    static AnswerStream open(Sessions sessions, Settings settings, Request request, String messageId)
            throws PosternFailure, InterruptedException {
        return new AnswerStream(sessions, settings, request, request.document(messageId));
    }

    private Running start() throws PosternFailure, InterruptedException {
        while (true) {
            attempts++;
            Inbox inbox = new Inbox(settings);
            Link link = sessions.link(deadline);
            try {
                return new Running(link, inbox, link.begin(inbox, document, deadline));
            } catch (PosternFailure failure) {
                if (!repeatable(failure, inbox)) {
                    throw failure;
                }
            }
        }
    }

    private boolean repeatable(PosternFailure failure, Inbox inbox) {
        boolean harmless = switch (request.repeating()) {
            case UNSENT -> !inbox.sent();
            case UNANSWERED -> !inbox.answered();
        };
        return harmless && failure.passes() && attempts < settings.attempts() && !deadline.passed();
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
                return message.map(Message::content)
                        .filter(content -> content.length > 0)
                        .map(Answer::new);
            } catch (PosternFailure failure) {
                if (!over && repeatable(failure, now.inbox)) {
                    running = start();
                } else {
                    close();
                    throw failure;
                }
            }
        }
        return Optional.empty();
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
