package dev.postern.cli.connect;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/// Where the sidecar listens. It speaks plain HTTP and lends the client's credentials to whoever reaches it.
///
/// @param host an address literal or `localhost`
public record ListenAddress(String host, int port) {
    /// Who may reach the sidecar.
    public enum Reach {
        /// Programs of this machine only.
        LOOPBACK,
        /// Everybody who can reach this address: the operator said so.
        ANYWHERE
    }

    /// Reads `host:port`, such as `127.0.0.1:8188` or `[::1]:8188`; port 0 is any free one.
    ///
    /// @throws Failure when it is none, or not within reach
    public static ListenAddress parse(String text, Reach reach) {
        URI uri;
        try {
            uri = URI.create("http://" + text);
        } catch (IllegalArgumentException _) {
            throw wrong();
        }
        String host = uri.getHost();
        if (host == null
                || uri.getPort() < 0
                || uri.getPort() > 65_535
                || uri.getUserInfo() != null
                || !uri.getRawPath().isEmpty()
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw wrong();
        }
        ListenAddress address = new ListenAddress(host.toLowerCase(Locale.ROOT), uri.getPort());
        if (reach == Reach.LOOPBACK && !isLoopback(address.host)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "Whoever reaches this address asks models in your name, without encryption: it must be a loopback"
                            + " address, unless you say --allow-non-loopback.");
        }
        return address;
    }

    private static Failure wrong() {
        return new Failure(ExitCode.USAGE, "An address to listen on looks like 127.0.0.1:8188.");
    }

    /// Whether a host as written in an address or a header is this machine's own: an address literal, or `localhost`.
    /// Other names are not looked up: who controls a name decides what it means, and changes it (DNS rebinding).
    public static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        if (!host.matches("[0-9.]+") && !host.matches("\\[[0-9a-fA-F:]+]")) {
            return false;
        }
        try {
            return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                    .isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Where to bind.
    public InetSocketAddress socket() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new Failure("There is no address " + host + " to listen on.", e);
        }
    }
}
