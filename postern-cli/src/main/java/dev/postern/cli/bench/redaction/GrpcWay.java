package dev.postern.cli.bench.redaction;

import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ServiceIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// The relay's stream, in a relay's name: nobody else is let in.
final class GrpcWay implements Way, AutoCloseable {
    private final WorkloadIdentity identity;
    private final ManagedChannel channel;

    private GrpcWay(WorkloadIdentity identity, ManagedChannel channel) {
        this.identity = identity;
        this.channel = channel;
    }

    static GrpcWay open(PlatformSettings settings, SecureRandom random, Clock clock) {
        WorkloadIdentity identity = ServiceIdentity.join(settings, PlatformService.RELAY, random, clock);
        TrustDomain domain = new TrustDomain(identity.current().spiffeId().getAuthority());
        var credentials = TlsChannelCredentials.newBuilder()
                .keyManager(identity.keyManager())
                .trustManager(identity.trustManager(domain.idOf(PlatformService.REDACTION.artifact())))
                .build();
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "localhost", settings.ports().redactionGrpc(), credentials)
                .directExecutor()
                .disableRetry()
                .build();
        return new GrpcWay(identity, channel);
    }

    @Override
    public String label() {
        return "grpc";
    }

    @Override
    public List<Sample> samples() {
        return Arrays.asList(Sample.values());
    }

    @Override
    public Tally load(Sample sample, int streams, Duration each) throws InterruptedException {
        return BatchLoad.run(channel, sample, streams, each);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        identity.close();
    }
}
