package dev.postern.cli.recorder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketMessagesTest {
    private static final int BINARY = 0x82;
    private static final int[] MASK = {0x37, 0xfa, 0x21, 0x3d};

    @Test
    void frameWhenMaskedThenUnmasked() {
        // RFC 6455 section 5.7: a single-frame masked message.
        byte[] frame = {(byte) 0x81, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51, 0x58};

        assertThat(texts(ByteBuffer.wrap(frame))).containsExactly("Hello");
    }

    @Test
    void framesWhenOfAnyLengthThenWholeAndControlFramesAreNone() {
        ByteBuffer frames = ByteBuffer.allocate(200_000);
        for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536}) {
            frame(frames, BINARY, "x".repeat(length));
            frame(frames, 0x89, "ping");
        }

        assertThat(texts(frames.flip()))
                .extracting(String::length)
                .containsExactly(0, 1, 125, 126, 127, 65_535, 65_536);
    }

    @Test
    void messageWhenInFragmentsThenOneAndWhenNotWholeThenNone() {
        ByteBuffer frames = ByteBuffer.allocate(1_000);
        frame(frames, 0x02, "frag");
        frame(frames, 0x89, "ping");
        frame(frames, 0x00, "men");
        frame(frames, 0x80, "ted");
        frame(frames, 0x02, "half");
        ByteBuffer cut = frames.duplicate().flip();
        cut.limit(cut.limit() - 2);

        assertThat(texts(frames.flip())).containsExactly("fragmented");
        assertThat(texts(cut)).containsExactly("fragmented");
    }

    @Test
    void recordingWhenRequestsCameBeforeTheUpgradeThenItsMessagesAreFound() {
        ByteBuffer sent = ByteBuffer.allocate(1_000);
        sent.put("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nsec-websocket-key: k\r\n\r\n".getBytes(UTF_8));
        frame(sent, BINARY, "question");
        ByteBuffer received = ByteBuffer.allocate(1_000);
        received.put("HTTP/1.1 200 OK\r\n\r\n{}HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n".getBytes(UTF_8));
        frame(received, BINARY, "answer");

        Recorded recorded = new Recorded(octets(sent), octets(received));

        assertThat(recorded.messagesSent()).containsExactly("question".getBytes(UTF_8));
        assertThat(recorded.messagesReceived()).containsExactly("answer".getBytes(UTF_8));
        assertThat(recorded.compressed()).isFalse();
        assertThat(new Recorded("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8), new byte[0]).messagesSent())
                .isEmpty();
        assertThat(new Recorded(
                                new byte[0],
                                "HTTP/1.1 101 x\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
                                        .getBytes(UTF_8))
                        .compressed())
                .isTrue();
    }

    private static byte[] octets(ByteBuffer filled) {
        byte[] octets = new byte[filled.flip().remaining()];
        filled.get(octets);
        return octets;
    }

    private static List<String> texts(ByteBuffer frames) {
        return WebSocketMessages.in(frames).stream()
                .map(message -> new String(message, ISO_8859_1))
                .toList();
    }

    private static void frame(ByteBuffer to, int first, String text) {
        to.put((byte) first);
        if (text.length() < 126) {
            to.put((byte) (0x80 | text.length()));
        } else if (text.length() < 65_536) {
            to.put((byte) (0x80 | 126)).putShort((short) text.length());
        } else {
            to.put((byte) (0x80 | 127)).putLong(text.length());
        }
        for (int part : MASK) {
            to.put((byte) part);
        }
        for (int i = 0; i < text.length(); i++) {
            to.put((byte) (text.charAt(i) ^ MASK[i % 4]));
        }
    }
}
