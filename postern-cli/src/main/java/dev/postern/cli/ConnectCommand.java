package dev.postern.cli;

import dev.postern.cli.connect.HomeClient;
import dev.postern.cli.connect.ListenAddress;
import dev.postern.cli.connect.ListenAddress.Reach;
import dev.postern.cli.connect.Sidecar;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.platform.Upstream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern connect`: runs until it is ended from outside (Ctrl-C, SIGTERM), and then closes its session.
@Command(
        name = "connect",
        description =
                "Serves any OpenAI client of this machine, through a sealed session that the gateway cannot read.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Whoever reaches the address asks in the name of the client. Web pages are refused: no Origin, and only",
            "loopback hosts. Clients need any API key: it is not looked at."
        })
final class ConnectCommand implements Callable<Integer> {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8188",
            description = "Where to listen (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(names = "--client", defaultValue = "demo", description = "The client (default: ${DEFAULT-VALUE}).")
    private String client = "";

    @Option(names = "--allow-non-loopback", description = "Listen where others can reach it, too.")
    private boolean anywhere;

    @Override
    public Integer call() throws InterruptedException {
        Reach reach = anywhere ? Reach.ANYWHERE : Reach.LOOPBACK;
        ListenAddress address = ListenAddress.parse(listen, reach);
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        ClientKeys keys = new ClientKeys(surroundings.settings().home(), client);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().unstarted(() -> stop(ended, closed));
        try (HomeClient home =
                        HomeClient.of(surroundings.settings(), keys, surroundings.clock(), surroundings.random());
                Sidecar sidecar = Sidecar.start(address, reach, home.sdk())) {
            Runtime.getRuntime().addShutdownHook(hook);
            System.out.println("base URL for clients   http://" + address.host() + ":"
                    + sidecar.address().getPort() + "/v1");
            System.out.flush();
            ended.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private static void stop(CountDownLatch ended, CountDownLatch closed) {
        try {
            ended.countDown();
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
