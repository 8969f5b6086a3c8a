package dev.postern.relay.redaction;

import java.util.List;
import java.util.Map;

/// Owns a stream and waits for an exchange, and does not care: for tests that look at something else.
final class Nobody implements RedactionStream.Owner, RedactionListener {
    @Override
    public void ready(RedactionStream stream) {}

    @Override
    public void asksToMove(RedactionStream stream) {}

    @Override
    public void ended(RedactionStream stream) {}

    @Override
    public void redacted(byte[] body, Map<String, Integer> found) {}

    @Override
    public void restored(List<byte[]> events, boolean last) {}

    @Override
    public void refused(RedactionRefusal reason) {}

    @Override
    public void lost() {}
}
