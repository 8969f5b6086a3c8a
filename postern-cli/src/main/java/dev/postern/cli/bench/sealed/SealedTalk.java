package dev.postern.cli.bench.sealed;

import dev.postern.cli.terminal.Failure;
import dev.postern.session.Chunk;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ContentType;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The same request again and again in one sealed session.
final class SealedTalk implements Talk {
    private final ClientHandshake handshake;
    private final Requests requests;
    private @Nullable SealedSession session;

    SealedTalk(ClientHandshake handshake, Requests requests) {
        this.handshake = handshake;
        this.requests = requests;
    }

    @Override
    public byte[] greeting() {
        return handshake.message();
    }

    @Override
    public void greeted(byte[] answer) {
        try {
            session = handshake.accept(answer).session();
        } catch (HandshakeFailed e) {
            throw new Failure("The handshake with the relay failed: " + e.reason(), e);
        }
    }

    @Override
    public Question ask() {
        SealedSession open = Objects.requireNonNull(session);
        int stream = open.openStream();
        return new Question(stream, open.seal(stream, requests.next(), ContentType.JSON, Chunk.LAST));
    }

    @Override
    public Heard hear(byte[] message) {
        return switch (Objects.requireNonNull(session).receive(message)) {
            case Received.Delivered chunk -> chunk.fin() ? new Heard.Last(chunk.stream()) : new Heard.Part();
            case Received.StreamError error -> new Heard.Bad(error.stream());
            // The connection ends with its session, and that is a failure of the lane.
            case Received.KeyUpdated _, Received.Closed _, Received.Dropped _ -> new Heard.Other();
        };
    }
}
