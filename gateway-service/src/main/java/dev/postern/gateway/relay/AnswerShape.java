package dev.postern.gateway.relay;

/// How an answer comes.
public enum AnswerShape {
    /// One JSON document.
    DOCUMENT,
    /// One JSON document per event.
    EVENTS
}
