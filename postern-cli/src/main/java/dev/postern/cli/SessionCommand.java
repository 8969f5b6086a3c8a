package dev.postern.cli;

import dev.postern.cli.chat.Chats;
import dev.postern.cli.chat.Chats.Output;
import dev.postern.cli.connect.HomeClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.SignalKey;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern session`: a chat through a sealed session. It writes nothing of it to a disk.
@Command(
        name = "session",
        description = "Chats through a sealed session that the gateway cannot read.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "One line is one question. /new begins a new conversation, /info shows the session, /quit ends. Ctrl-C gives",
            "up the answer that is coming, and ends the program when there is none. What is said stays in memory: there",
            "is no history on disk. Not from a terminal, questions are read to the end of input.",
            "",
            "Ends 0 when every answer was whole or cancelled, 5 when access was revoked or refused, 1 otherwise."
        })
final class SessionCommand implements Callable<Integer> {
    @Option(names = "--client", defaultValue = "demo", description = "The client (default: ${DEFAULT-VALUE}).")
    private String client = "";

    @Option(
            names = "--model",
            defaultValue = ChatRequests.SMALL,
            description = "The model (default: ${DEFAULT-VALUE}).")
    private String model = "";

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What the model is told first. Part of the command line, which shells remember.")
    private String system = "";

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        ClientKeys keys = new ClientKeys(surroundings.settings().home(), client);
        // Depending on the JDK there is none, or one that is no terminal, when input or output are redirected.
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        Charset charset = terminal.map(Console::charset).orElse(StandardCharsets.UTF_8);
        try (HomeClient home =
                HomeClient.of(surroundings.settings(), keys, surroundings.clock(), surroundings.random())) {
            // Programs get UTF-8 whatever the locale is.
            PrintStream out = terminal.isPresent() ? System.out : new PrintStream(System.out, true, charset);
            Chats chats = new Chats(home.sdk(), new SignalKey(), out, System.err);
            Output output = json ? Output.JSON : terminal.isPresent() ? Output.TERMINAL : Output.TEXT;
            return chats.run(model, system, output, new BufferedReader(new InputStreamReader(System.in, charset)))
                    .code();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
