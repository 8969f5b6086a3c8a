package dev.postern.rotation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.RequestRejected;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redis.SingleUse.Use;
import dev.postern.rotation.AdminTokens;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.KeyObserver;
import dev.postern.rotation.ledger.Leadership;
import dev.postern.rotation.ledger.LedgerSettings;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.Schedule;
import dev.postern.test.MutableClock;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopNonces;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.KeyStates;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.Revocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletRequest;

/// Rotation by admin token, verified against the ledger's own keys; and what the ledger tells the trust feed.
@SuppressWarnings("NullAway.Init")
final class RotationAccessTest {
    private static final String ISSUER = "https://localhost:8543";
    private static final String URL = "https://localhost:8943";
    private static final String KEY_ID = "signing-key-1";

    @TempDir
    private Path directory;

    private final MutableClock clock = MutableClock.atNoon();
    private final OwnTrustFeed trust = new OwnTrustFeed(clock);
    private final DpopNonces nonces = new DpopNonces(clock, new SecureRandom());
    private final DpopKey key = DpopKey.generate(new SecureRandom(), clock);
    private final List<AuditEvent> audited = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private KeyLedger ledger;
    private ECKey signer;
    private RotationAccess access;

    @BeforeEach
    void begin() throws Exception {
        ledger = new KeyLedger(
                directory.resolve("ledger.json"),
                Leadership.alone(),
                new LedgerSettings(Schedule.STANDARD),
                _ -> {},
                new Unobserved(),
                clock);
        signer = new ECKeyGenerator(Curve.P_256).keyID(KEY_ID).generate();
        Map<String, String> jwk = PublicKeys.read(
                KeyClass.TOKEN_SIGNING, KEY_ID, signer.toPublicJWK().toJSONObject());
        Holder holder = new Holder(URI.create("spiffe://postern.local/service/token-service"), "instance-1");
        var _ = ledger.register(holder, KeyClass.TOKEN_SIGNING, KEY_ID, jwk);
        LedgerKeys keys = new LedgerKeys(ledger);
        keys.onUse((kid, made) -> used.add(kid + " " + made));
        AccessTokenVerifier verifier = new AccessTokenVerifier(
                new VerifierSettings(ISSUER, RotationAccess.AUDIENCE, Set.of(TokenUse.ADMIN), Duration.ofSeconds(5)),
                keys,
                trust,
                clock);
        AccessTokens tokens = new AccessTokens(
                verifier,
                URI.create(URL),
                (_, _) -> CompletableFuture.completedStage(Use.FIRST),
                nonces,
                new SimpleMeterRegistry(),
                clock);
        access = new RotationAccess(
                new PeerIdentities("postern.local", clock), Set.of("operator/cli"), tokens, audited::add);
    }

    @Test
    void boundAdminTokenMayRotate() {
        assertThat(access.require(proven(token("admin", "admin:keys", bound())), "keys.rotate")
                        .actor())
                .isEqualTo("security-team");
        assertThat(audited).isEmpty();
        assertThat(used).containsExactly(KEY_ID + " " + clock.instant());
    }

    @Test
    void withoutTokenAndCertificateNobodyMay() {
        assertThat(status(new MockHttpServletRequest("POST", "/v1/rotations"))).isEqualTo(401);
        assertThat(audited).as("who is refused is on record").hasSize(1);
    }

    @Test
    void plainAdminTokenMayNot() {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/rotations");
        request.addHeader("Authorization", "Bearer " + token("admin", "admin:keys", Map.of()));
        assertThat(status(request)).isEqualTo(401);
    }

    @Test
    void otherScopeOrUseMayNot() {
        assertThat(status(proven(token("admin", "admin:read", bound())))).isEqualTo(403);
        assertThat(audited).singleElement().isInstanceOfSatisfying(RequestRejected.class, rejected -> {
            assertThat(rejected.operation()).isEqualTo("keys.rotate");
            assertThat(rejected.status()).isEqualTo(403);
        });
        assertThat(status(proven(token("tool", "admin:keys", bound())))).isEqualTo(401);
    }

    @Test
    void revokedTokenMayNot() {
        trust.apply(List.of(Revocation.of(Revocation.Kind.CLIENT, "security-team", clock.instant(), "test")));
        assertThat(status(proven(token("admin", "admin:keys", bound())))).isEqualTo(401);
    }

    @Test
    void whatAKeySignedThatTheLedgerDoesNotListMayNot() throws Exception {
        signer = new ECKeyGenerator(Curve.P_256).keyID("other-key-1").generate();
        assertThat(status(proven(token("admin", "admin:keys", bound())))).isEqualTo(401);
    }

    @Test
    void ledgerTellsEveryKeyAndEachChange() throws Exception {
        LedgerTrust told = new LedgerTrust(ledger);
        KeyStates first = LedgerTrust.states(ledger.ring());
        assertThat(told.inForce()).isEqualTo(List.of(first));
        assertThat(first.states()).containsOnlyKeys(KEY_ID);
        String version = told.version();
        List<Long> heard = new ArrayList<>();
        ledger.onChange(ring -> heard.add(ring.version()));
        // Its owner was never heard of again.
        for (int i = 0; i < 120; i++) {
            clock.advance(Duration.ofSeconds(4));
            ledger.tick();
        }
        assertThat(heard).isNotEmpty().isSorted();
        assertThat(told.version()).isNotEqualTo(version);
        assertThat(LedgerTrust.states(ledger.ring()).states()).containsEntry(KEY_ID, KeyStates.State.DESTROYED);
        assertThat(new LedgerKeys(ledger).find(KEY_ID)).isEmpty();
        assertThat(status(proven(token("admin", "admin:keys", bound())))).isEqualTo(401);
        assertThat(used).as("who signs with it is seen").containsExactly(KEY_ID + " " + clock.instant());
    }

    private int status(MockHttpServletRequest request) {
        List<ProblemException> refusals = new ArrayList<>();
        assertThatThrownBy(() -> access.require(request, "keys.rotate"))
                .isInstanceOfSatisfying(ProblemException.class, refusals::add);
        return refusals.getFirst().problem().status();
    }

    private MockHttpServletRequest proven(String token) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/rotations");
        request.addHeader("Authorization", "DPoP " + token);
        request.addHeader(
                "DPoP",
                key.prove(DpopExpectation.of("POST", URL + "/v1/rotations")
                        .forToken(token)
                        .withNonce(nonces.current())));
        return request;
    }

    private Map<String, Object> bound() {
        return Map.of("jkt", key.thumbprint());
    }

    private String token(String use, String scope, Map<String, Object> confirmation) {
        return new AdminTokens(signer, clock.instant())
                .token("security-team", "security-team", use, scope, confirmation);
    }

    private static final class Unobserved implements KeyObserver {
        @Override
        public void moved(String keyClass, String to, String cause) {}

        @Override
        public void reported(Incident incident) {}

        @Override
        public void delayed() {}

        @Override
        public void leftBehind(int consumers) {}
    }
}
