package dev.postern.cli.connect;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.terminal.Failure;
import dev.postern.client.PosternClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An OpenAI-compatible address on this machine: what programs send here in plain HTTP leaves sealed.
///
/// **Guarantee.** On a loopback address only programs of this machine are served, and no web page. **No guarantee**
/// between those programs: every one of them, whoever's it is, asks in the name of the client.
public final class Sidecar implements AutoCloseable {
    private static final int MAX_BODY = 4 << 20;
    private static final int NOW = 0;

    private final HttpServer server;
    private final ExecutorService threads;

    private Sidecar(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /// Begins to serve. The client stays the caller's.
    ///
    /// @throws Failure when nobody can listen there
    public static Sidecar start(ListenAddress address, ListenAddress.Reach reach, PosternClient client) {
        HttpServer server;
        try {
            server = HttpServer.create(address.socket(), 0);
        } catch (IOException e) {
            throw new Failure("Nobody can listen on " + address.host() + ":" + address.port() + ".", e);
        }
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", new SidecarHandler(client, new BrowserRule(reach), MAX_BODY));
        server.start();
        return new Sidecar(server, threads);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /// Stops listening and gives up what is under way.
    @Override
    public void close() {
        server.stop(NOW);
        threads.shutdownNow();
    }
}
