package dev.postern.simulator.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Accepts connections on 127.0.0.1 only and serves each on a virtual thread of its own.
/// Connections stay open until the client closes them: an idle limit here would race with the client's pool.
public final class LoopbackServer implements AutoCloseable {
    private static final byte[] CONTINUE = Request.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final ServerSocket listener;
    private final Handler handler;
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private LoopbackServer(ServerSocket listener, Handler handler) {
        this.listener = listener;
        this.handler = handler;
        this.acceptor = Thread.ofPlatform().name("accept").unstarted(this::accept);
    }

    /// Binds `port` (0 chooses a free one) and starts to serve.
    public static LoopbackServer start(int port, Handler handler) throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1024);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        LoopbackServer server = new LoopbackServer(listener, handler);
        server.acceptor.start();
        return server;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// Waits until the server is closed.
    public void join() throws InterruptedException {
        acceptor.join();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        connections.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                var _ = connections.submit(() -> serve(socket));
            } catch (IOException _) {
                // closed, or a connection that died while it was accepted: the loop's condition decides
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            BufferedOutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
            RequestReader reader = new RequestReader(in, () -> sendContinue(out));
            boolean again = true;
            while (again) {
                Optional<Request> request = reader.next();
                if (request.isEmpty()) {
                    return;
                }
                Reply reply = new Reply(socket, in, out);
                handler.handle(request.get(), reply);
                again = reader.keepAlive() && !reply.wasCut();
            }
        } catch (IOException | NumberFormatException _) {
            // broken connection or bytes that are not HTTP: closing is the whole answer
        } finally {
            open.remove(socket);
        }
    }

    private static void sendContinue(BufferedOutputStream out) {
        try {
            out.write(CONTINUE);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
