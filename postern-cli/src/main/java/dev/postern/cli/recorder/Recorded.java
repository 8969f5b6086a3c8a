package dev.postern.cli.recorder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/// What passed over one connection so far, as it was inside TLS.
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Recorded(byte[] sent, byte[] received) {
    /// In the order in which they were sent, by who connected; none when it was no WebSocket.
    public List<byte[]> messagesSent() {
        return messages(sent, "sec-websocket-key:");
    }

    /// And by the other end.
    public List<byte[]> messagesReceived() {
        return messages(received, "http/1.1 101");
    }

    /// Whether messages were compressed, and so could not be searched.
    public boolean compressed() {
        return head(received, "http/1.1 101").contains("sec-websocket-extensions");
    }

    /// The octets may follow any number of ordinary requests on the same connection.
    private static List<byte[]> messages(byte[] stream, String landmark) {
        String head = head(stream, landmark);
        return head.isEmpty()
                ? List.of()
                : WebSocketMessages.in(ByteBuffer.wrap(stream, head.length(), stream.length - head.length()));
    }

    /// All before the first frame; empty when there is none.
    private static String head(byte[] stream, String landmark) {
        String text = new String(stream, ISO_8859_1).toLowerCase(Locale.ROOT);
        int from = text.indexOf(landmark);
        int end = from < 0 ? -1 : text.indexOf("\r\n\r\n", from);
        return end < 0 ? "" : text.substring(0, end + 4);
    }

    @Override
    public String toString() {
        return "Recorded[" + sent.length + " octets sent, " + received.length + " received]";
    }
}
