package dev.postern.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stands in for a load balancer: whoever connects to one port of this machine talks to another.
final class TcpSwitch implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TcpSwitch(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    static TcpSwitch listen(int port, int target) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TcpSwitch it = new TcpSwitch(socket, target);
        Thread.ofVirtual().start(it::accept);
        return it;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listening.accept();
                Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(caller);
                open.add(called);
                Thread.ofVirtual().start(() -> copy(caller, called));
                Thread.ofVirtual().start(() -> copy(called, caller));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one end has gone, and so has the other
        } finally {
            open.remove(from);
        }
    }
}
