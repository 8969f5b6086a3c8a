package dev.postern.relay.rig;

import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One address behind which stands whatever Redis the test says, as after a failover.
public final class RedisSwitch implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile RedisForTests target;

    public RedisSwitch(RedisForTests first) throws IOException {
        target = first;
        threads.execute(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Ends every connection; those made from now on lead to `next`.
    public void lead(RedisForTests next) throws IOException {
        target = next;
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket from = server.accept();
                Socket to = new Socket(target.host(), target.port());
                open.add(from);
                open.add(to);
                threads.execute(() -> pass(from, to));
                threads.execute(() -> pass(to, from));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            var _ = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One of both is gone, so the other goes.
        } finally {
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
