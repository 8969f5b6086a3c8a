package dev.postern.client;

import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigVerifier;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The relays that the gateway can reach, by what they signed themselves. One thread at a time.
final class RelayOffers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_RELAYS = 64;
    private static final int MAX_ANSWER = 1 << 20;

    private final Access access;
    private final HttpClient http;
    private final Duration patience;
    private final SecureRandom random;
    private final KeyConfigVerifier verifier;
    /// By what a replica is told from another, whatever keys it has by now.
    private String last = "";

    /// A verified configuration with the challenge that came beside it.
    record Offer(KeyConfig config, String challenge) {}

    RelayOffers(Access access, HttpClient http, Duration patience, Clock clock, SecureRandom random) {
        this.access = access;
        this.http = http;
        this.patience = patience;
        this.random = random;
        this.verifier = new KeyConfigVerifier(access.anchors(), access.relayId(), access.relayAudience(), clock);
    }

    /// One of those that the gateway names now.
    Offer fetch(Token gateway) throws PosternFailure, InterruptedException {
        return choose(document(gateway));
    }

    /// One of those that verify, by chance; another than the last time where there is another, because whoever comes
    /// again may come from a relay that is gone.
    ///
    /// @param document the gateway's list, which may be anything
    Offer choose(byte[] document) throws PosternFailure {
        List<Offer> verified = new ArrayList<>();
        dev.postern.session.KeyConfigRejected.@Nullable Reason rejected = null;
        for (JsonNode relay : relays(document)) {
            try {
                KeyConfig config = verifier.verify(relay.path("key_config").asString(""));
                verified.add(new Offer(config, relay.path("challenge").asString("")));
            } catch (dev.postern.session.KeyConfigRejected e) {
                rejected = e.reason();
            }
        }
        if (!verified.isEmpty()) {
            List<Offer> others = verified.stream()
                    .filter(offer -> !offer.config().relayId().equals(last))
                    .toList();
            List<Offer> choice = others.isEmpty() ? verified : others;
            Offer chosen = choice.get(random.nextInt(choice.size()));
            last = chosen.config().relayId();
            return chosen;
        }
        throw rejected == null ? new PosternFailure.Unavailable() : new PosternFailure.KeyConfigRejected(rejected);
    }

    private static List<JsonNode> relays(byte[] document) throws PosternFailure {
        try {
            return JSON.readTree(document)
                    .path("relays")
                    .valueStream()
                    .limit(MAX_RELAYS)
                    .toList();
        } catch (JacksonException _) {
            throw new PosternFailure.Unavailable();
        }
    }

    private byte[] document(Token gateway) throws PosternFailure, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(access.gateway().resolve("/ssp1/key-config"))
                .timeout(patience)
                .header("Authorization", "Bearer " + gateway.value())
                .build();
        // The request's own timeout ends where the answer's head is there.
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
        try {
            HttpResponse<byte[]> answer = asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.statusCode() != 200) {
                throw GatewayStatus.failure(answer.statusCode());
            }
            return answer.body();
        } catch (ExecutionException | TimeoutException _) {
            throw new PosternFailure.Unavailable();
        } finally {
            var _ = asked.cancel(true);
        }
    }
}
