package dev.postern.rotation;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.chassis.keys.KeyNotRegistered;
import dev.postern.chassis.keys.KeyRegistration;
import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.KeySource;
import dev.postern.chassis.keys.OwnedKeys;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectoryKey.State;
import dev.postern.token.DirectorySettings;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState.Standing;
import dev.postern.token.VerifierSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// A signer of tokens and a verifier, as the token-service and the gateway have them, over TLS; and a thief, who has a
/// copy of every key.
final class StolenKeys implements AutoCloseable {
    static final Duration SKEW = Duration.ofSeconds(1);
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Clock clock = Clock.systemUTC();
    private final WorkloadIdentity signer;
    private final WorkloadIdentity gateway;
    private final ServiceClient registration;
    private final KeyDirectory signerSees;
    private final KeyDirectory gatewaySees;
    private final OwnedKeys<ECKey> keys;
    private final ScheduledExecutorService owner = Executors.newSingleThreadScheduledExecutor();
    private final List<ECKey> copies = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final KeyReports reports;
    final AccessTokenVerifier verifier;

    StolenKeys(ServiceHome home, int port) {
        signer = ServiceClient.join(home, "token-service", port);
        gateway = ServiceClient.join(home, "gateway-service", port);
        URI rotation = URI.create("https://localhost:" + port);
        // A signer hears at once, and a verifier late: what is signed with a new key meets it unprepared.
        signerSees = follow(signer, rotation, Duration.ofMillis(50));
        gatewaySees = follow(gateway, rotation, Duration.ofMillis(300));
        registration = new ServiceClient(port, signer.sslContext());
        keys = new OwnedKeys<>(
                new Copied(),
                DOMAIN.idOf("token-service"),
                signerSees.instance(),
                signerSees::snapshot,
                registration(),
                clock);
        var _ = owner.scheduleWithFixedDelay(this::reconcile, 0, 20, TimeUnit.MILLISECONDS);
        reports = new KeyReports(
                        rotation,
                        gateway.httpClient(Door.KEY_REPORTS.server(gateway), TIMEOUT),
                        Executors.newSingleThreadScheduledExecutor(),
                        System::nanoTime,
                        meters)
                .start();
        reports.watch(gatewaySees, SKEW);
        verifier = new AccessTokenVerifier(
                new VerifierSettings("https://issuer", "urn:postern:gateway", TokenUse.DATA_PLANE, SKEW),
                gatewaySees,
                _ -> Standing.TRUSTED,
                clock);
    }

    private KeyDirectory follow(WorkloadIdentity identity, URI rotation, Duration interval) {
        return KeyDirectory.follow(
                new DirectorySettings(
                        rotation,
                        "postern.local",
                        UUID.randomUUID().toString(),
                        interval,
                        Duration.ofMinutes(10),
                        TIMEOUT),
                identity.httpClient(DOMAIN.idOf("key-rotation-service"), TIMEOUT),
                () -> identity.current().anchors(),
                clock);
    }

    private KeyRegistration registration() {
        return (keyClass, keyId, instance, jwk) -> {
            try {
                int status = registration
                        .put(
                                "/v1/keys/" + keyClass + "/" + keyId,
                                JsonMapper.shared().writeValueAsString(Map.of("instance", instance, "jwk", jwk)))
                        .statusCode();
                if (status != 200) {
                    throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
                }
            } catch (IOException _) {
                throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
            }
        };
    }

    private void reconcile() {
        try {
            var _ = keys.reconcile();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until a key is in use and a spare is known to the verifier.
    void ready() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> keys.active().isPresent() && spareId().isPresent());
    }

    /// The id of the key in use.
    String activeId() {
        return keys.active().orElseThrow().getKeyID();
    }

    /// The id of the spare, when the verifier knows it.
    Optional<String> spareId() {
        return gatewaySees.snapshot().stream()
                .flatMap(snapshot -> snapshot.keys().values().stream())
                .filter(key -> key.state() == State.PREPARED)
                .map(DirectoryKey::keyId)
                // It may be in use already, and the verifier be behind.
                .filter(id -> !id.equals(activeId()))
                .findFirst();
    }

    /// Whether the verifier trusts it.
    boolean isTrusted(String keyId) {
        return gatewaySees.find(keyId).isPresent();
    }

    /// Whether the verifier has heard that it is in use.
    boolean isActiveAtVerifier(String keyId) {
        return gatewaySees.snapshot().stream()
                .flatMap(snapshot -> snapshot.keys().values().stream())
                .anyMatch(key -> key.keyId().equals(keyId) && key.state() == State.ACTIVE);
    }

    /// An honest token of now.
    String issue() {
        return sign(keys.active().orElseThrow(), clock.instant());
    }

    /// A token of now, by whoever has a copy of that key.
    String forge(String keyId) {
        return sign(
                copies.stream()
                        .filter(key -> key.getKeyID().equals(keyId))
                        .findFirst()
                        .orElseThrow(),
                clock.instant());
    }

    /// Shows a forged token to the verifier, who may refuse it.
    void show(String keyId) {
        try {
            var _ = verifier.verify(forge(keyId));
        } catch (TokenRejected _) {
            // Whether it is good elsewhere is not the question.
        }
    }

    private static String sign(ECKey key, Instant now) {
        Map<String, Object> claims = Map.ofEntries(
                Map.entry("iss", "https://issuer"),
                Map.entry("aud", "urn:postern:gateway"),
                Map.entry("client_id", "demo"),
                Map.entry("sub", "demo"),
                Map.entry("tenant", "acme"),
                Map.entry("token_use", "inference"),
                Map.entry("sid", "session-1"),
                Map.entry("jti", UUID.randomUUID().toString()),
                Map.entry("iat", now.getEpochSecond()),
                Map.entry("exp", now.getEpochSecond() + 300));
        try {
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType("at+jwt"))
                            .keyID(key.getKeyID())
                            .build(),
                    new Payload(claims));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    double reported(String trigger) {
        return meters.counter("postern.keys.reports", "trigger", trigger, "outcome", "reported")
                .count();
    }

    private final class Copied implements KeySource<ECKey> {
        @Override
        public String keyClass() {
            return "token-signing";
        }

        @Override
        public Retirement retirement() {
            return Retirement.FORGOTTEN;
        }

        @Override
        public ECKey next() {
            try {
                ECKey key = new ECKeyGenerator(Curve.P_256)
                        .keyID("key-" + UUID.randomUUID())
                        .generate();
                copies.add(key);
                return key;
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String keyId(ECKey key) {
            return key.getKeyID();
        }

        @Override
        public Map<String, Object> publicJwk(ECKey key) {
            return key.toPublicJWK().toJSONObject();
        }
    }

    @Override
    public void close() {
        owner.shutdownNow();
        reports.close();
        signerSees.close();
        gatewaySees.close();
        registration.close();
        signer.close();
        gateway.close();
    }
}
