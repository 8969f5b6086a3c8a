package dev.postern.sts.clientauth;

import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.clientauth.AssertionRejected.Reason;
import dev.postern.sts.singleuse.UsedOnce;
import java.time.Clock;
import java.util.Optional;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/// A decoder for each request, from the keys registered at that moment: a key that was taken away is not trusted for
/// as long as the process lives.
final class AssertionDecoders implements JwtDecoderFactory<RegisteredClient> {

    private final Clients clients;
    private final AssertionPolicy policy;
    private final UsedOnce usedOnce;
    private final Clock clock;

    AssertionDecoders(Clients clients, AssertionPolicy policy, UsedOnce usedOnce, Clock clock) {
        this.clients = clients;
        this.policy = policy;
        this.usedOnce = usedOnce;
        this.clock = clock;
    }

    @Override
    public JwtDecoder createDecoder(RegisteredClient client) {
        return clients.find(client.getClientId())
                .flatMap(registration -> switch (registration.proof()) {
                    case Proof.SignedAssertion(var keys) ->
                        Optional.<JwtDecoder>of(
                                new AssertionDecoder(client.getClientId(), keys, policy, usedOnce, clock));
                    default -> Optional.empty();
                })
                .orElse(_ -> {
                    throw new AssertionRejected(Reason.UNKNOWN_KEY);
                });
    }
}
