package dev.postern.cli.bench;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.token.ClientAssertion;
import dev.postern.cli.token.TokenForm;
import dev.postern.cli.token.TokenRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Token requests whose assertions were signed beforehand: an assertion serves once, and signing while measuring would
/// measure the client.
final class SignedRequests implements RequestSource {
    /// Longer than any run, within what the token-service takes.
    private static final Duration LIFE = Duration.ofMinutes(4);

    private final List<byte[]> requests;
    private final AtomicInteger taken = new AtomicInteger();

    private SignedRequests(List<byte[]> requests) {
        this.requests = requests;
    }

    static SignedRequests sign(URI issuer, ClientKeys client, int count, Clock clock) {
        List<byte[]> requests = new ArrayList<>(count);
        TokenRequest request = TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY);
        for (int i = 0; i < count; i++) {
            requests.add(one(issuer, request, clock));
        }
        return new SignedRequests(requests);
    }

    /// Signs each request when it is asked for: for a warm-up.
    static RequestSource signing(URI issuer, ClientKeys client, Clock clock) {
        TokenRequest request = TokenRequest.of(client, "llm:invoke", TokenRequest.GATEWAY);
        return () -> one(issuer, request, clock);
    }

    @Override
    public byte @Nullable [] next() {
        int index = taken.getAndIncrement();
        return index < requests.size() ? requests.get(index) : null;
    }

    private static byte[] one(URI issuer, TokenRequest request, Clock clock) {
        String assertion = ClientAssertion.sign(request.clientId(), request.key(), issuer, clock.instant(), LIFE);
        return Target.post(
                issuer.resolve("/oauth2/token"),
                "application/x-www-form-urlencoded",
                "",
                TokenForm.of(request, assertion));
    }
}
