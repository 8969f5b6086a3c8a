package dev.postern.cli.recorder;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Stands between two ends of TLS connections, as what each of them expects the other to be, and keeps in memory what
/// they say inside TLS. It changes nothing, but can withhold, and break off.
public final class TlsRecorder implements AutoCloseable {
    private final ServerSocket listener;
    private final SSLContext asServer;
    private final SSLContext asClient;
    private final URI next;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean shut;

    private TlsRecorder(ServerSocket listener, SSLContext asServer, SSLContext asClient, URI next) {
        this.listener = listener;
        this.asServer = asServer;
        this.asClient = asClient;
        this.next = next;
    }

    /// Begins to listen on a loopback port.
    ///
    /// @param asServer with the certificate that those who connect expect
    /// @param asClient towards `next`, where everything goes
    public static TlsRecorder start(SSLContext asServer, SSLContext asClient, URI next) {
        try {
            ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            TlsRecorder recorder = new TlsRecorder(listener, asServer, asClient, next);
            var _ = recorder.threads.submit(recorder::accept);
            return recorder;
        } catch (IOException e) {
            throw new Failure("A recorder found no port.", e);
        }
    }

    public URI address() {
        return URI.create("https://localhost:" + listener.getLocalPort());
    }

    /// Every connection so far, ended ones too.
    public List<Recorded> recorded() {
        return connections.stream().map(Connection::recorded).toList();
    }

    /// Nobody new gets through.
    public void shut() {
        shut = true;
    }

    /// Everybody does.
    public void open() {
        shut = false;
    }

    /// What comes from the far end of the connections there are is recorded from now on and passed on no more, nor is
    /// its end.
    public void withholdAnswers() {
        connections.forEach(Connection::withhold);
    }

    /// Ends all connections.
    public void breakOff() {
        connections.forEach(Connection::close);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException _) {
            // nobody listens any more, one way or the other
        }
        breakOff();
        threads.shutdownNow();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                if (shut) {
                    socket.close();
                } else {
                    threads.execute(() -> serve(socket));
                }
            } catch (IOException | RejectedExecutionException _) {
                // Closed, or out of sockets: nobody is heard any more, and the check will say so.
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try {
            SSLSocket near = (SSLSocket) asServer.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            near.setUseClientMode(false);
            near.startHandshake();
            SSLSocket far = (SSLSocket) asClient.getSocketFactory().createSocket(next.getHost(), next.getPort());
            Connection connection = new Connection(near, far);
            connections.add(connection);
            if (shut) {
                // It was on its way in when the recorder was shut.
                connection.close();
                return;
            }
            connection.handshake();
            threads.execute(connection::sendAll);
            connection.receiveAll();
        } catch (IOException | RejectedExecutionException _) {
            try {
                socket.close();
            } catch (IOException _) {
                // it is broken already
            }
        }
    }
}
