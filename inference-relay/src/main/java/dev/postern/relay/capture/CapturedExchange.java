package dev.postern.relay.capture;

import dev.postern.archive.CaptureName;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import java.nio.charset.StandardCharsets;

/// One request's prompt, as the client sent it, and its answer, as the client got it. Confined to the request's event
/// loop. Ends with [#served] or [#abandoned]: until then its answer holds a part of the room that all captures share.
public final class CapturedExchange {
    private static final byte[] BETWEEN_EVENTS = "\n".getBytes(StandardCharsets.US_ASCII);

    private final BodyCaptures captures;
    private final Caller caller;
    private final RelayRequest request;
    private final int longest;
    private final BodyCopy answer;

    CapturedExchange(BodyCaptures captures, Caller caller, RelayRequest request, int longest) {
        this.captures = captures;
        this.caller = caller;
        this.request = request;
        this.longest = longest;
        this.answer = new BodyCopy(longest, captures.room());
    }

    /// The client got this: a document, or one event of a stream.
    public void answered(byte[] json) {
        if (!answer.isEmpty()) {
            answer.add(BETWEEN_EVENTS);
        }
        answer.add(json);
    }

    /// It is over, and something may have left for the model.
    public void served() {
        BodyCopy prompt = new BodyCopy(longest, captures.room());
        prompt.add(request.body());
        keep(CaptureName.REQUEST, prompt);
        if (!answer.isEmpty()) {
            keep(CaptureName.ANSWER, answer);
        }
    }

    private void keep(String kind, BodyCopy copy) {
        if (copy.isDropped()) {
            captures.dropped();
            return;
        }
        byte[] body = copy.octets();
        copy.close();
        captures.keep(caller, request.messageId(), kind, body);
    }

    /// It is over, and nothing of it is captured. May be said again, and after [#served].
    public void abandoned() {
        answer.close();
    }
}
