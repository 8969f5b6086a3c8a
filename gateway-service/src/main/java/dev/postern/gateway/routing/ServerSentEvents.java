package dev.postern.gateway.routing;

/// The bytes of an event stream (WHATWG HTML, section 9.2) as OpenAI's clients read it: unnamed events of one line.
final class ServerSentEvents {
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private ServerSentEvents() {}

    /// One event that carries a JSON document. Line breaks in JSON are white space, but would end the event's line:
    /// they become spaces.
    static byte[] event(byte[] json) {
        byte[] event = new byte[DATA.length + json.length + 2];
        System.arraycopy(DATA, 0, event, 0, DATA.length);
        System.arraycopy(json, 0, event, DATA.length, json.length);
        int end = DATA.length + json.length;
        for (int i = DATA.length; i < end; i++) {
            if (event[i] == '\n' || event[i] == '\r') {
                event[i] = ' ';
            }
        }
        event[end] = '\n';
        event[end + 1] = '\n';
        return event;
    }

    /// The last event of a complete answer, and of no other.
    static byte[] done() {
        return event(DONE);
    }
}
