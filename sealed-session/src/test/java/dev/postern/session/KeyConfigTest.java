package dev.postern.session;

import static dev.postern.session.TestPeers.AUDIENCE;
import static dev.postern.session.TestPeers.RELAY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeyConfigTest {
    private final TestPeers peers = TestPeers.withBothSuites();

    @Test
    void aClientReadsWhatTheRelayPublished() throws Exception {
        KeyConfig seen = peers.published();

        assertThat(seen.relayId()).isEqualTo(RELAY + "#one");
        assertThat(seen.audience()).isEqualTo(AUDIENCE);
        assertThat(seen.policyHash()).isEqualTo("policy-1");
        assertThat(seen.keys()).isEqualTo(peers.ring.current().keys());
        assertThat(seen.digest()).isEqualTo(peers.ring.current().digest());
        assertThat(seen.digest()).isEqualTo(SecondImplementation.sha256(payload(jws())));
    }

    @Test
    void thePayloadIsTheDocumentedOne() throws Exception {
        var json = Json.read(peers.ring.current().payload());
        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder("v", "relay_id", "aud", "nbf", "exp", "policy_hash", "keys", "suites");
        assertThat(json.path("suites").toString()).isEqualTo("[[25722,1,2],[32,1,2]]");
        assertThat(json.path("keys").path(0).path("kem").intValue()).isEqualTo(25722);
        assertThat(json.path("keys").path(0).path("key_id").stringValue()).hasSize(22);
    }

    @Test
    void aConfigurationSignedByAnotherAuthoritysRelayIsRefused() {
        TestIdentity foreign = TestIdentity.anchor(peers.relayClock.instant());
        TestIdentity relay = foreign.issue(peers.relayClock.instant(), RELAY.toString());
        assertThat(reason(relay.signer().sign(peers.ring.current())))
                .isEqualTo(KeyConfigRejected.Reason.UNTRUSTED_CHAIN);
        // Sending the foreign anchor along does not help.
        KeyConfigSigner withAnchor =
                new KeyConfigSigner(relay.keys().getPrivate(), List.of(relay.certificate(), foreign.certificate()));
        assertThat(reason(withAnchor.sign(peers.ring.current()))).isEqualTo(KeyConfigRejected.Reason.UNTRUSTED_CHAIN);
    }

    @Test
    void aConfigurationSignedByAnotherServiceIsRefused() {
        Instant now = peers.relayClock.instant();
        String gateway = "spiffe://postern.local/service/gateway-service";
        for (TestIdentity other : List.of(
                peers.anchor.issue(now, gateway),
                peers.anchor.issue(now, RELAY.toString(), gateway),
                peers.anchor.issue(now, RELAY + "x"))) {
            assertThat(reason(other.signer().sign(peers.ring.current())))
                    .isEqualTo(KeyConfigRejected.Reason.WRONG_IDENTITY);
        }
    }

    @Test
    void aConfigurationThatSpeaksForAnotherRelayIsRefused() {
        KeyConfig current = peers.ring.current();
        KeyConfig other = KeyConfig.of(
                new RelayDescription(RELAY + "-two", AUDIENCE, "p"),
                current.notBefore(),
                current.expires(),
                current.keys());
        assertThat(reason(peers.identity.signer().sign(other))).isEqualTo(KeyConfigRejected.Reason.WRONG_IDENTITY);
    }

    @Test
    void aConfigurationForAnotherAudienceIsRefused() {
        var verifier = new KeyConfigVerifier(
                Set.of(peers.anchor.certificate()), RELAY, "urn:postern:other", peers.clientClock);
        var rejected = catchThrowableOfType(KeyConfigRejected.class, () -> verifier.verify(jws()));
        assertThat(rejected.reason()).isEqualTo(KeyConfigRejected.Reason.WRONG_AUDIENCE);
    }

    @Test
    void anAlteredPayloadIsRefused() {
        String[] parts = parts(jws());
        String payload = new String(payload(jws()), UTF_8);
        for (String altered : List.of(
                payload.replace("[25722,1,2],", ""),
                payload.replace(AUDIENCE, "urn:postern:relax"),
                payload.replace("policy-1", "policy-2"))) {
            assertThat(altered).isNotEqualTo(payload);
            String forged = parts[0] + "." + Base64Url.encode(altered.getBytes(UTF_8)) + "." + parts[2];
            assertThat(reason(forged)).isEqualTo(KeyConfigRejected.Reason.BAD_SIGNATURE);
        }
    }

    @Test
    void anotherTypeOrAlgorithmIsRefused() {
        String[] parts = parts(jws());
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8);
        for (String altered : List.of(
                header.replace("ssp1-kc+jwt", "at+jwt"),
                header.replace("ES256", "none"),
                header.replace("ES256", "HS256"),
                header.replace("\"x5c\"", "\"x5d\""))) {
            assertThat(altered).isNotEqualTo(header);
            String forged = Base64Url.encode(altered.getBytes(UTF_8)) + "." + parts[1] + "." + parts[2];
            assertThat(reason(forged)).isEqualTo(KeyConfigRejected.Reason.MALFORMED);
        }
        assertThat(reason("")).isEqualTo(KeyConfigRejected.Reason.MALFORMED);
        assertThat(reason("a.b.c")).isEqualTo(KeyConfigRejected.Reason.MALFORMED);
        assertThat(reason("x".repeat(100_000))).isEqualTo(KeyConfigRejected.Reason.MALFORMED);
    }

    @Test
    void anExpiredConfigurationIsRefusedAfterTheToleranceOfAnHour() {
        String jws = jws();
        peers.clientClock.advance(TestPeers.PERIOD.multipliedBy(3).plus(Duration.ofMinutes(59)));
        assertThat(reasonOrNone(jws)).isEqualTo("accepted");
        peers.clientClock.advance(Duration.ofMinutes(1));
        assertThat(reason(jws)).isEqualTo(KeyConfigRejected.Reason.EXPIRED);
    }

    @Test
    void aConfigurationFromTheFutureIsRefusedBeforeTheToleranceOfAnHour() {
        String jws = jws();
        peers.clientClock.advance(Duration.ofHours(-1));
        assertThat(reasonOrNone(jws)).isEqualTo("accepted");
        peers.clientClock.advance(Duration.ofSeconds(-1));
        assertThat(reason(jws)).isEqualTo(KeyConfigRejected.Reason.NOT_YET_VALID);
    }

    @Test
    void anExpiredCertificateIsRefused() {
        peers.relayClock.advance(TestIdentity.LIFETIME.plus(Duration.ofHours(2)));
        peers.clientClock.advance(TestIdentity.LIFETIME.plus(Duration.ofHours(2)));
        peers.ring.rotate();
        assertThat(reason(jws())).isEqualTo(KeyConfigRejected.Reason.UNTRUSTED_CHAIN);
    }

    @Test
    void anotherExpectedIdentityIsRefused() {
        var verifier = new KeyConfigVerifier(
                Set.of(peers.anchor.certificate()),
                URI.create("spiffe://elsewhere/service/inference-relay"),
                AUDIENCE,
                peers.clientClock);
        var rejected = catchThrowableOfType(KeyConfigRejected.class, () -> verifier.verify(jws()));
        assertThat(rejected.reason()).isEqualTo(KeyConfigRejected.Reason.WRONG_IDENTITY);
    }

    @Test
    void unknownKemsAndUnlistedSuitesAreLeftOut() throws Exception {
        String payload = new String(peers.ring.current().payload(), UTF_8);
        assertThat(KeyConfig.parse(payload.replace("[25722,1,2]", "[25722,1,3]").getBytes(UTF_8))
                        .keys())
                .extracting(RelayPublicKey::suite)
                .containsExactly(Suite.X25519);
        assertThat(KeyConfig.parse(payload.replace("\"kem\":32", "\"kem\":33").getBytes(UTF_8))
                        .keys())
                .extracting(RelayPublicKey::suite)
                .containsExactly(Suite.X_WING);
    }

    private String jws() {
        return peers.identity.signer().sign(peers.ring.current());
    }

    private static String[] parts(String jws) {
        int first = jws.indexOf('.');
        int second = jws.indexOf('.', first + 1);
        return new String[] {jws.substring(0, first), jws.substring(first + 1, second), jws.substring(second + 1)};
    }

    private static byte[] payload(String jws) {
        return Base64.getUrlDecoder().decode(parts(jws)[1]);
    }

    private KeyConfigRejected.Reason reason(String jws) {
        return catchThrowableOfType(
                        KeyConfigRejected.class, () -> peers.verifier().verify(jws))
                .reason();
    }

    private String reasonOrNone(String jws) {
        try {
            peers.verifier().verify(jws);
            return "accepted";
        } catch (KeyConfigRejected rejected) {
            return rejected.reason().name();
        }
    }
}
