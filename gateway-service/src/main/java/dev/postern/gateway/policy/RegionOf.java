package dev.postern.gateway.policy;

import java.net.InetAddress;

/// Where an address lies. Never blocks: it is asked on the event loop.
@FunctionalInterface
public interface RegionOf {
    /// The name of an unknown region.
    String UNKNOWN = "";

    /// A region's short name (an ISO 3166 code, or a name of the operator's map), or [#UNKNOWN].
    String of(InetAddress address);
}
