package dev.postern.cli.bench.sealed;

import java.util.List;

/// What one connection says and hears. Confined to its event loop.
interface Talk {
    /// What must be exchanged before the first question; empty when nothing must.
    byte[] greeting();

    /// Takes the answer to the greeting.
    void greeted(byte[] answer);

    /// The next question.
    Question ask();

    /// Takes one message.
    Heard hear(byte[] message);

    /// One question.
    ///
    /// @param number tells it from the others of its connection
    record Question(int number, List<byte[]> messages) {
        public Question {
            messages = List.copyOf(messages);
        }
    }

    /// What a message was.
    sealed interface Heard {
        /// A part of an answer, and others follow.
        record Part() implements Heard {}

        /// The last part of the answer to a question.
        record Last(int question) implements Heard {}

        /// Nothing that answers a question: one that was lost with it counts when it is given up.
        record Other() implements Heard {}

        /// No answer to a question, and none will come.
        record Bad(int question) implements Heard {}
    }
}
