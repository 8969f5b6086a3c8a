package dev.postern.cli.chat;

import dev.postern.client.PosternFailure;

/// How one question ended.
sealed interface Turn {
    record Answered(String text) implements Turn {
        @Override
        public String toString() {
            return "Answered[" + text.length() + " characters]";
        }
    }

    /// By who asked.
    record Cancelled() implements Turn {}

    record Failed(PosternFailure why) implements Turn {}
}
