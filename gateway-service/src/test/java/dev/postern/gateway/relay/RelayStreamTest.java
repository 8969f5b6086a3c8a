package dev.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.problem.Failure;
import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class RelayStreamTest {
    private final AtomicBoolean flowing = new AtomicBoolean(true);
    private final RelayStream stream =
            new RelayStream(new byte[0], Duration.ofSeconds(1), new RelayStream.Limits(10, 15), flowing::get, () -> {});

    @Test
    void receiveWhenNobodyReadsThenTheReaderIsTooSlow() {
        assertThat(receive()).isEmpty();
        assertThat(receive()).contains(Failure.READER_TOO_SLOW);
    }

    @Test
    void receiveWhenAnswersAreHeldBackThenItIsNotTheReadersFault() {
        flowing.set(false);
        assertThat(receive()).isEmpty();
        assertThat(receive()).contains(Failure.ANSWER_WITHHELD);
    }

    private Optional<Failure> receive() {
        return stream.receive(new Received.Delivered(0, 1, 1, 0, Chunk.MORE, ContentType.JSON, new byte[10]));
    }
}
