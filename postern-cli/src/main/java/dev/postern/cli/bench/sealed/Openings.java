package dev.postern.cli.bench.sealed;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Failure;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Opens connections to what is measured, all on one thread: the load generator shall not take what the services need.
final class Openings implements AutoCloseable {
    private static final int MESSAGE = 1_024;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final PosternHome home;
    private final EventLoopGroup loops;

    Openings(PlatformSettings settings, Clock clock, SecureRandom random) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.home = settings.home();
        this.loops = group();
    }

    private static EventLoopGroup group() {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    /// To an echo server of Netty's own, which ends with the connections.
    Lanes bare(int connections) throws InterruptedException {
        SslContext operators = tls(SslContextBuilder.forServer(
                home.operatorCertificate().toFile(), home.operatorKey().toFile()));
        EchoServer server = EchoServer.start(operators, group());
        byte[] message = new byte[MESSAGE];
        random.nextBytes(message);
        // The certificate is the operator's, not a server's.
        SslContext trusting = tls(SslContextBuilder.forClient()
                .trustManager(home.caCertificate().toFile())
                .endpointIdentificationAlgorithm(null));
        List<Talk> talks = Stream.generate(() -> (Talk) new BareEcho(message))
                .limit(connections)
                .toList();
        boolean open = false;
        try {
            Lanes lanes = Lanes.open(new Lanes.Place(server.address(), trusting, "", LAST_ANSWERS), talks, loops);
            lanes.endingWith(server::close);
            open = true;
            return lanes;
        } finally {
            if (!open) {
                server.close();
            }
        }
    }

    /// Sessions straight at the relay, past the gateway, that ask for an echo.
    Lanes relay(int sessions) throws InterruptedException {
        SslContext tls = tls(SslContextBuilder.forClient()
                .trustManager(home.caCertificate().toFile())
                .keyManager(
                        home.operatorCertificate().toFile(), home.operatorKey().toFile()));
        URI relay = settings.ports().endpoint(PlatformService.RELAY);
        return sealed(relay, new Operator(home).tls(), tls, sessions, Requests.echo(random));
    }

    /// Sessions through the gateway.
    Lanes gateway(int sessions, Requests requests) throws InterruptedException {
        SslContext tls = tls(
                SslContextBuilder.forClient().trustManager(home.caCertificate().toFile()));
        URI gateway = settings.ports().endpoint(PlatformService.GATEWAY);
        return sealed(gateway, PemIdentity.trusting(home.caCertificate()), tls, sessions, requests);
    }

    private Lanes sealed(URI place, SSLContext http, SslContext tls, int sessions, Requests requests)
            throws InterruptedException {
        try (PlatformHttp client = new PlatformHttp(http)) {
            SealedOffers offers = SealedOffers.make(sessions, place, client, settings, clock, random);
            List<Talk> talks = new ArrayList<>();
            offers.handshakes().forEach(handshake -> talks.add(new SealedTalk(handshake, requests)));
            URI socket = URI.create("wss://" + place.getAuthority() + "/ssp1?key_id=" + offers.keyId());
            return Lanes.open(
                    new Lanes.Place(socket, tls, "Bearer " + offers.gatewayToken(), LAST_ANSWERS), talks, loops);
        }
    }

    private static SslContext tls(SslContextBuilder builder) {
        try {
            return builder.protocols("TLSv1.3").build();
        } catch (SSLException e) {
            throw new Failure("TLS cannot be set up from the files in the Postern home.", e);
        }
    }

    @Override
    public void close() {
        var _ = loops.shutdownGracefully();
    }
}
