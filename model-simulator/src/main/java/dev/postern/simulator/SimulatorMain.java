package dev.postern.simulator;

import dev.postern.simulator.http.LoopbackServer;
import dev.postern.simulator.model.Simulator;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Starts the simulator on 127.0.0.1: `--port=8199` (0 chooses one) and `--piece-delay-ms=0`.
public final class SimulatorMain {
    private SimulatorMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = option(arguments, "--port=", 8199);
        Duration pieceDelay = Duration.ofMillis(option(arguments, "--piece-delay-ms=", 0));
        LoopbackServer server = LoopbackServer.start(port, new Simulator(Clock.systemUTC(), pieceDelay));
        System.out.println("model-simulator ready on http://127.0.0.1:" + server.port() + "/v1");
        server.join();
    }

    private static int option(String[] arguments, String name, int otherwise) {
        for (String argument : arguments) {
            if (argument.startsWith(name)) {
                return Integer.parseInt(argument.substring(name.length()));
            }
        }
        return otherwise;
    }
}
