package dev.postern.cli.chat;

import dev.postern.client.SessionInfo;
import java.io.PrintStream;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// For programs: one JSON object a line, whose `event` says what it is.
final class JsonScreen implements Screen {
    private static final JsonMapper JSON = new JsonMapper();

    private final PrintStream out;

    JsonScreen(PrintStream out) {
        this.out = out;
    }

    @Override
    public void prompt() {}

    @Override
    public void piece(String text) {
        print(event("piece").put("text", text));
    }

    @Override
    public void ended(Turn turn) {
        print(
                switch (turn) {
                    case Turn.Answered(String text) -> event("answer").put("text", text);
                    case Turn.Cancelled _ -> event("cancelled");
                    case Turn.Failed(var why) -> {
                        Advice advice = Advice.on(why);
                        yield event("failure").put("code", advice.code()).put("message", advice.sentence());
                    }
                });
    }

    @Override
    public void forgotten() {
        print(event("new"));
    }

    @Override
    public void session(Optional<SessionInfo> session) {
        ObjectNode line = event("info").put("open", session.isPresent());
        session.ifPresent(info -> line.put("session", info.id())
                .put("suite", info.suite().toString())
                .put("epoch", info.epoch())
                .put("relay", info.relayId())
                .put("ends", info.ends().toString()));
        print(line);
    }

    @Override
    public void unknownCommand() {
        print(event("unknown-command"));
    }

    private static ObjectNode event(String name) {
        return JSON.createObjectNode().put("event", name);
    }

    private void print(ObjectNode line) {
        out.println(line);
        out.flush();
    }
}
