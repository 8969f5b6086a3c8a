package dev.postern.relay.redaction;

import java.util.List;
import java.util.Map;

/// Receives one exchange's replies, always on the executor the exchange was begun with, in order.
public interface RedactionListener {
    /// The body that may leave for the model.
    ///
    /// @param found entity type to how often it was replaced
    void redacted(byte[] body, Map<String, Integer> found);

    /// The reply to one answer: zero or more events to pass on.
    void restored(List<byte[]> events, boolean last);

    /// The service ended the exchange; nothing more comes.
    void refused(RedactionRefusal reason);

    /// The tenant's policy lets the prompt not pass; nothing more comes.
    ///
    /// @param kinds of the values that it blocks, by the names that pseudonyms begin with
    default void blocked(List<String> kinds) {
        refused(RedactionRefusal.BLOCKED);
    }

    /// The stream to the service broke; nothing more comes.
    void lost();
}
