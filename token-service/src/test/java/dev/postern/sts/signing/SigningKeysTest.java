package dev.postern.sts.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.chassis.keys.OwnedKeys;
import dev.postern.test.MutableClock;
import dev.postern.token.DirectoryEntry;
import dev.postern.token.DirectoryEntry.State;
import dev.postern.token.DirectorySnapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

final class SigningKeysTest {
    private static final URI OWNER = URI.create("spiffe://postern.local/service/token-service");

    private final Map<String, Map<String, Object>> registered = new HashMap<>();
    private long version;
    private List<DirectoryEntry> listed = new ArrayList<>();
    private final OwnedKeys<SigningKey> owned = new OwnedKeys<>(
            new SigningKeySource(new SecureRandom(), _ -> OptionalInt.of(0)),
            OWNER,
            "me",
            () -> Optional.of(new DirectorySnapshot(++version, Instant.EPOCH, Map.of(), listed)),
            (keyClass, keyId, _, jwk) -> {
                assertThat(keyClass).isEqualTo("token-signing");
                registered.put(keyId, jwk);
            },
            MutableClock.atNoon());
    private final SigningKeys keys = new SigningKeys(owned);

    @Test
    void onlyThePublicPartIsRegistered() throws InterruptedException {
        assertThat(owned.reconcile()).isTrue();
        assertThat(registered.values())
                .singleElement()
                .satisfies(jwk -> assertThat(jwk).containsKeys("x", "y").doesNotContainKey("d"));
    }

    @Test
    void activeWhenDirectorySaysSoThenSignsVerifiably() throws InterruptedException, ParseException, JOSEException {
        String kid = offered();
        list(kid, State.ACTIVE);
        SigningKey active = keys.active().orElseThrow();
        SignedJWT token = SignedJWT.parse(active.sign("{\"sub\":\"demo\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(token.verify(new ECDSAVerifier(ECKey.parse(registered.get(kid)))))
                .isTrue();
        assertThat(token.getHeader().getType()).hasToString("at+jwt");
        assertThat(token.getHeader().getKeyID()).isEqualTo(kid);
        assertThat(active).hasToString("SigningKey[" + kid + "]");
    }

    @Test
    void keyThatRetiresOnceNeverSignsAgain() throws InterruptedException {
        String kid = offered();
        list(kid, State.RETIRING);
        owned.reconcile();
        list(kid, State.ACTIVE);
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void healthWhenNoKeyIsActiveThenOutOfService() throws InterruptedException {
        SigningKeyHealth health = new SigningKeyHealth(keys);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        String kid = offered();
        list(kid, State.PREPARED);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        list(kid, State.ACTIVE);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private String offered() throws InterruptedException {
        owned.reconcile();
        return registered.keySet().iterator().next();
    }

    private void list(String kid, State state) {
        listed = List.of(new DirectoryEntry(kid, "token-signing", OWNER, "me", state));
    }
}
