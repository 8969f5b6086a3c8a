package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Deadline SOON = Deadline.in(Duration.ofSeconds(5));

    private final Inbox inbox = new Inbox(Settings.DEFAULT);

    @Test
    void whateverEndsASessionInTheMiddleOfAnAnswerTruncatesIt() throws Exception {
        add(0, 10);
        inbox.fail(new PosternFailure.Unavailable());
        assertThat(inbox.take(SOON)).isPresent();
        assertThatThrownBy(() -> inbox.take(SOON)).isInstanceOf(PosternFailure.Truncated.class);
    }

    @Test
    void beforeAnAnswerBeganItsFailureIsTheReason() {
        inbox.fail(new PosternFailure.Unavailable());
        assertThatThrownBy(() -> inbox.take(SOON)).isInstanceOf(PosternFailure.Unavailable.class);
    }

    @Test
    void emptyEventsFillAnInboxAsWell() throws Exception {
        int idx = 0;
        while (!inbox.full()) {
            add(idx++, 0);
            assertThat(idx).isLessThan(100_000);
        }
        while (inbox.full()) {
            assertThat(inbox.take(SOON)).isPresent();
        }
    }

    private void add(int idx, int length) throws Exception {
        assertThat(inbox.add(new Received.Delivered(0, idx, 1, idx, Chunk.MORE, ContentType.JSON, new byte[length])))
                .isFalse();
    }
}
