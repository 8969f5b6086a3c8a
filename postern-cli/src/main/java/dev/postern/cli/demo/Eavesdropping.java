package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.SecondInstance;
import dev.postern.cli.platform.ServiceIdentity;
import dev.postern.cli.recorder.TlsRecorder;
import dev.postern.client.PosternClient;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/// A second gateway and a second relay, and recorders on every way to and from that gateway, inside TLS.
///
/// ```
/// client -- recorder -- second gateway -+- recorder -- the platform's relay
///                                       +- recorder -- second relay
/// ```
///
/// The recorders hold certificates of the gateway and of the relay. Whoever runs the platform's authority can have them
/// made, and the demo does, with join tokens: to nobody else does the authority give another's identity. With them the
/// recorders see all that TLS hides. (Who *acts* with the relay's identity, instead of listening, is the relay: it
/// could sign a key configuration of its own.)
final class Eavesdropping implements AutoCloseable {
    private static final String ENDPOINTS = "POSTERN_GATEWAY_RELAY_ENDPOINTS";

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final DemoWorld world;
    private final TlsRecorder toRelay;
    private final TlsRecorder toSecondRelay;
    private final TlsRecorder toGateway;
    private final SecondInstance relay;
    private final SecondInstance gateway;

    private Eavesdropping(DemoWorld world) throws InterruptedException {
        this.world = world;
        boolean ready = false;
        try {
            WorkloadIdentity asGateway = join(PlatformService.GATEWAY);
            WorkloadIdentity asRelay = join(PlatformService.RELAY);
            relay = start(PlatformService.RELAY, Map.of());
            toRelay = record(asRelay, asGateway, world.ports().endpoint(PlatformService.RELAY));
            toSecondRelay = record(asRelay, asGateway, relay.endpoint());
            gateway = start(
                    PlatformService.GATEWAY, Map.of(ENDPOINTS, toRelay.address() + "," + toSecondRelay.address()));
            toGateway = record(asGateway, asGateway, gateway.endpoint());
            relay.awaitReady(world.clock());
            gateway.awaitReady(world.clock());
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    static Eavesdropping begin(DemoWorld world) throws InterruptedException {
        return new Eavesdropping(world);
    }

    private WorkloadIdentity join(PlatformService service) {
        WorkloadIdentity identity = ServiceIdentity.join(world.settings(), service, world.random(), world.clock());
        closing.push(identity::close);
        return identity;
    }

    private SecondInstance start(PlatformService service, Map<String, String> variables) throws InterruptedException {
        SecondInstance instance =
                SecondInstance.start(world.settings(), service, variables, world.random(), world.clock());
        closing.push(instance::close);
        return instance;
    }

    private TlsRecorder record(WorkloadIdentity asServer, WorkloadIdentity asClient, URI next) {
        TlsRecorder recorder = TlsRecorder.start(asServer.sslContext(), asClient.sslContext(), next);
        closing.push(recorder::close);
        return recorder;
    }

    /// The second gateway by way of the recorder in front of it.
    URI recordedGateway() {
        return toGateway.address();
    }

    /// The client `demo`, through the second gateway.
    PosternClient client(URI through) {
        return world.sealedClient(through, new WorldTokens(world));
    }

    /// The second gateway itself.
    URI gateway() {
        return gateway.endpoint();
    }

    SecondInstance relay() {
        return relay;
    }

    /// Between client and gateway.
    TlsRecorder front() {
        return toGateway;
    }

    /// Between gateway and each relay.
    TlsRecorder toRelay() {
        return toRelay;
    }

    TlsRecorder toSecondRelay() {
        return toSecondRelay;
    }

    @Override
    public void close() {
        Runnable next = closing.poll();
        if (next != null) {
            try {
                next.run();
            } finally {
                close();
            }
        }
    }
}
