package dev.postern.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/// Server sockets of [Tls13].
final class Tls13ServerSockets extends SSLServerSocketFactory {
    private final SSLServerSocketFactory sockets;

    Tls13ServerSockets(SSLServerSocketFactory sockets) {
        this.sockets = sockets;
    }

    private static ServerSocket restricted(ServerSocket socket) {
        SSLServerSocket tls = (SSLServerSocket) socket;
        tls.setSSLParameters(Tls13.only13(tls.getSSLParameters()));
        return tls;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return restricted(sockets.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return restricted(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return restricted(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        return restricted(sockets.createServerSocket(port, backlog, address));
    }
}
