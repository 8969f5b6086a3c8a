package dev.postern.relay.session;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.session.ContentTooLarge;
import dev.postern.session.ContentType;
import dev.postern.session.MessageAssembler;
import dev.postern.session.MessageAssembler.Message;
import dev.postern.session.Received;
import java.util.Optional;

/// One request while its chunks arrive.
final class RequestAssembly {
    private final MessageAssembler chunks;
    private final ByteBudget budget;
    private final long begun;
    private int bytes;

    /// Begins at `begun`, by the monotonic clock.
    RequestAssembly(int maxBytes, ByteBudget budget, long begun) {
        this.chunks = new MessageAssembler(maxBytes);
        this.budget = budget;
        this.begun = begun;
    }

    /// Takes the next chunk; the whole request when it was the last one.
    Optional<byte[]> add(Received.Delivered chunk) throws RequestRefused {
        if (!budget.tryTake(chunk.content().length)) {
            throw new RequestRefused(FailureCode.OVERLOADED);
        }
        bytes += chunk.content().length;
        try {
            Optional<Message> message = chunks.add(chunk);
            if (message.isEmpty()) {
                return Optional.empty();
            }
            boolean whole = message.get().last();
            boolean readable =
                    message.get().type() == ContentType.JSON || message.get().type() == ContentType.BYTES;
            if (!whole || !readable) {
                // A request is one document; more than one on a stream is not a request.
                throw new RequestRefused(FailureCode.BAD_REQUEST);
            }
            return Optional.of(message.get().content());
        } catch (ContentTooLarge _) {
            throw new RequestRefused(FailureCode.TOO_LARGE);
        }
    }

    /// Gives its share of the budget back.
    void release() {
        budget.give(bytes);
        bytes = 0;
    }

    int bytes() {
        return bytes;
    }

    long begun() {
        return begun;
    }
}
