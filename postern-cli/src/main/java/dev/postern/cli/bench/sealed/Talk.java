package dev.postern.cli.bench.sealed;

import java.util.List;

/// What one connection says and hears. Confined to its event loop.
interface Talk {
    /// What must be exchanged before the first question; empty when nothing must.
    byte[] greeting();

    /// Takes the answer to the greeting.
    void greeted(byte[] answer);

    /// The next question's messages.
    List<byte[]> ask();

    /// Takes one message.
    Heard hear(byte[] message);

    /// What a message was.
    enum Heard {
        /// The last part of the answer to the oldest question.
        LAST,
        /// Another part of it.
        PART,
        /// Nothing that answers a question.
        OTHER,
        /// The end: a refusal, or a closed session.
        FAILED
    }
}
