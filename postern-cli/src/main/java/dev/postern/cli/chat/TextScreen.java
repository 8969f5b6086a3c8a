package dev.postern.cli.chat;

import dev.postern.client.SessionInfo;
import java.io.PrintStream;
import java.util.Optional;

/// For people. Answers go to standard output; everything else to standard error.
final class TextScreen implements Screen {
    private final PrintStream answers;
    private final PrintStream notes;
    private final String prompt;

    /// @param prompt empty where nobody sits in front of it
    TextScreen(PrintStream answers, PrintStream notes, String prompt) {
        this.answers = answers;
        this.notes = notes;
        this.prompt = prompt;
    }

    @Override
    public void prompt() {
        notes.print(prompt);
        notes.flush();
    }

    @Override
    public void piece(String text) {
        answers.print(Visible.text(text));
        answers.flush();
    }

    @Override
    public void ended(Turn turn) {
        answers.println();
        answers.flush();
        switch (turn) {
            case Turn.Answered _ -> {}
            case Turn.Cancelled _ -> notes.println("Cancelled.");
            case Turn.Failed(var why) -> notes.println(Advice.on(why).sentence());
        }
    }

    @Override
    public void forgotten() {
        notes.println("A new conversation: nothing of the last one is remembered.");
    }

    @Override
    public void session(Optional<SessionInfo> session) {
        if (session.isEmpty()) {
            notes.println("No session is open; the next question opens one.");
            return;
        }
        SessionInfo info = session.get();
        notes.println("session   " + info.id());
        notes.println("suite     " + info.suite());
        notes.println("epoch     " + info.epoch());
        notes.println("relay     " + Visible.text(info.relayId()));
        notes.println("ends      " + info.ends() + " (a new one follows by itself)");
    }

    @Override
    public void unknownCommand() {
        notes.println("/new begins anew, /info shows the session, /quit ends; // begins a question with a slash.");
    }
}
