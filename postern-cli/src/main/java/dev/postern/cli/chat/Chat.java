package dev.postern.cli.chat;

import dev.postern.cli.chat.Advice.Finality;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.InterruptKey;
import dev.postern.client.Answer;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads questions, one a line, and shows their answers as they come. For one thread.
///
/// **Guarantee.** What is said is kept in memory only, for as long as the chat lasts. An answer that was cut off is
/// never shown as a whole one, and is not part of the conversation.
final class Chat {
    private final PosternClient client;
    private final Conversation conversation;
    private final Screen screen;
    private final InterruptKey interrupt;

    Chat(PosternClient client, Conversation conversation, Screen screen, InterruptKey interrupt) {
        this.client = client;
        this.conversation = conversation;
        this.screen = screen;
        this.interrupt = interrupt;
    }

    /// Until `/quit`, the last line, or a failure that is final. Not [ExitCode#DONE] when a question has no whole
    /// answer that nobody cancelled.
    ExitCode run(BufferedReader questions) throws IOException {
        ExitCode exit = ExitCode.DONE;
        screen.prompt();
        for (String line = questions.readLine();
                line != null && !line.strip().equals("/quit");
                line = questions.readLine()) {
            if (line.startsWith("/") && !line.startsWith("//")) {
                command(line);
            } else if (!line.isBlank()) {
                Turn turn = ask(line.startsWith("//") ? line.substring(1) : line);
                screen.ended(turn);
                if (turn instanceof Turn.Failed(PosternFailure why)) {
                    Advice advice = Advice.on(why);
                    exit = advice.exit();
                    if (advice.finality() == Finality.FINAL) {
                        return exit;
                    }
                }
            }
            screen.prompt();
        }
        return exit;
    }

    private void command(String line) {
        switch (line.strip()) {
            case "/new" -> {
                conversation.forget();
                screen.forgotten();
            }
            case "/info" -> screen.session(client.session());
            default -> screen.unknownCommand();
        }
    }

    private Turn ask(String question) {
        StringBuilder text = new StringBuilder();
        try (InterruptKey.Caught _ = interrupt.interrupting(Thread.currentThread());
                AnswerStream answer = client.stream(Request.of(Request.CHAT, conversation.ask(question)))) {
            for (Optional<Answer> event = answer.next(); event.isPresent(); event = answer.next()) {
                String piece = piece(event.get().json());
                if (!piece.isEmpty()) {
                    text.append(piece);
                    screen.piece(piece);
                }
            }
        } catch (InterruptedException _) {
            return new Turn.Cancelled();
        } catch (PosternFailure failure) {
            return new Turn.Failed(failure);
        }
        conversation.add(question, text.toString());
        return new Turn.Answered(text.toString());
    }

    private static String piece(JsonNode event) {
        return event.path("choices").path(0).path("delta").path("content").asString("");
    }
}
