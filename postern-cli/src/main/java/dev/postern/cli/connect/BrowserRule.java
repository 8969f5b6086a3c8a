package dev.postern.cli.connect;

import java.net.URI;
import java.util.List;

/// Keeps web pages away. A page can make a browser send requests to loopback addresses, directly or under a name of its
/// own that it points here (DNS rebinding); programs that are meant to be here do neither.
///
/// @param reach with [ListenAddress.Reach#ANYWHERE] any `Host` will do, since nobody knows under which name others
/// reach this machine; an `Origin` never does
record BrowserRule(ListenAddress.Reach reach) {
    /// Whether a request with these headers may be served.
    boolean allows(List<String> host, List<String> origin) {
        if (!origin.isEmpty() || host.size() != 1) {
            return false;
        }
        return reach == ListenAddress.Reach.ANYWHERE || isOwn(host.getFirst());
    }

    private static boolean isOwn(String value) {
        try {
            URI uri = URI.create("http://" + value);
            String host = uri.getHost();
            return host != null && uri.getRawAuthority().equals(value) && ListenAddress.isLoopback(host);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
