package dev.postern.cli.chat;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.InterruptKey;
import dev.postern.client.PosternClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/// Chats of a client, shown on these streams.
public final class Chats {
    private static final String PROMPT = "> ";

    private final PosternClient client;
    private final InterruptKey interrupt;
    private final PrintStream out;
    private final PrintStream notes;

    /// How a chat is shown.
    public enum Output {
        /// To a person, who is prompted.
        TERMINAL,
        /// The same without prompts.
        TEXT,
        /// To a program.
        JSON
    }

    public Chats(PosternClient client, InterruptKey interrupt, PrintStream out, PrintStream notes) {
        this.client = client;
        this.interrupt = interrupt;
        this.out = out;
        this.notes = notes;
    }

    /// One chat, until its questions end or nothing more can be answered.
    ///
    /// @param system what the model is told first; empty for nothing
    public ExitCode run(String model, String system, Output output, BufferedReader questions) throws IOException {
        Screen screen = switch (output) {
            case TERMINAL -> new TextScreen(out, notes, PROMPT);
            case TEXT -> new TextScreen(out, notes, "");
            case JSON -> new JsonScreen(out);
        };
        return new Chat(client, new Conversation(model, system), screen, interrupt).run(questions);
    }
}
