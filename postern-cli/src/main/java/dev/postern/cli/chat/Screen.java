package dev.postern.cli.chat;

import dev.postern.client.SessionInfo;
import java.util.Optional;

/// Where a chat is shown.
interface Screen {
    /// It is the other side's turn to speak.
    void prompt();

    /// Some more of an answer.
    void piece(String text);

    void ended(Turn turn);

    void forgotten();

    void session(Optional<SessionInfo> session);

    /// Something that is no command.
    void unknownCommand();
}
