package dev.postern.sts.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.test.MutableClock;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectoryKey.State;
import dev.postern.token.DirectorySnapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

final class SigningKeysTest {
    private static final URI OWNER = URI.create("spiffe://postern.local/service/token-service");

    private final MutableClock clock = MutableClock.atNoon();
    private final Map<String, Map<String, Object>> registered = new LinkedHashMap<>();
    private final Map<String, DirectoryKey> listed = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private boolean reachable = true;
    private boolean known = true;
    private int offers;
    private final SigningKeys keys = new SigningKeys(
            "me",
            () -> known ? Optional.of(new DirectorySnapshot(1, Instant.EPOCH, listed)) : Optional.empty(),
            (keyId, jwk) -> {
                offers++;
                if (!reachable) {
                    throw new KeyNotRegistered(KeyNotRegistered.Reason.UNAVAILABLE);
                }
                if (refused.contains(keyId)) {
                    throw new KeyNotRegistered(KeyNotRegistered.Reason.KEY_ID_TAKEN);
                }
                registered.put(keyId, jwk);
            },
            new SecureRandom(),
            clock);

    @Test
    void reconcileWhenNothingIsListedThenOneSpareIsRegistered() throws InterruptedException {
        assertThat(keys.reconcile()).isTrue();
        assertThat(registered).hasSize(1);
        assertThat(registered.values().iterator().next()).doesNotContainKey("d");
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void reconcileWhenDirectoryIsUnknownThenWaits() throws InterruptedException {
        known = false;
        assertThat(keys.reconcile()).isFalse();
        assertThat(registered).isEmpty();
    }

    @Test
    void reconcileWhenOfferIsNotListedYetThenSameKeyIsOfferedAgainLater() throws InterruptedException {
        keys.reconcile();
        keys.reconcile();
        assertThat(offers).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        keys.reconcile();
        assertThat(offers).isEqualTo(2);
        assertThat(registered).hasSize(1);
    }

    @Test
    void reconcileWhenUnreachableThenSameKeyIsOfferedAgain() throws InterruptedException {
        reachable = false;
        assertThat(keys.reconcile()).isFalse();
        reachable = true;
        clock.advance(Duration.ofSeconds(2));
        assertThat(keys.reconcile()).isTrue();
        list(spare(), State.ACTIVE);
        assertThat(keys.active()).map(SigningKey::keyId).contains(spare());
    }

    @Test
    void reconcileWhenIdIsTakenThenAnotherKeyIsOffered() throws InterruptedException {
        keys.reconcile();
        String first = spare();
        refused.add(first);
        clock.advance(Duration.ofSeconds(2));
        assertThat(keys.reconcile()).isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(keys.reconcile()).isTrue();
        assertThat(spare()).isNotEqualTo(first);
        list(first, State.ACTIVE);
        assertThat(keys.active()).as("the refused key is forgotten").isEmpty();
    }

    @Test
    void activeWhenDirectorySaysSoThenSignsVerifiably() throws InterruptedException, ParseException, JOSEException {
        keys.reconcile();
        list(spare(), State.ACTIVE);
        SigningKey active = keys.active().orElseThrow();
        SignedJWT token = SignedJWT.parse(active.sign("{\"sub\":\"demo\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(token.verify(new ECDSAVerifier(ECKey.parse(registered.get(spare())))))
                .isTrue();
        assertThat(token.getHeader().getType()).hasToString("at+jwt");
        assertThat(token.getHeader().getKeyID()).isEqualTo(spare());
        assertThat(active).hasToString("SigningKey[" + spare() + "]");
    }

    @Test
    void reconcileWhenSpareBecameActiveThenNextSpareIsRegistered() throws InterruptedException {
        keys.reconcile();
        String first = spare();
        list(first, State.PREPARED);
        clock.advance(Duration.ofSeconds(2));
        assertThat(keys.reconcile()).isFalse();
        list(first, State.ACTIVE);
        assertThat(keys.reconcile()).isTrue();
        assertThat(registered).hasSize(2);
        assertThat(keys.active()).map(SigningKey::keyId).contains(first);
    }

    @Test
    void rotationWhenFlippedThenOldKeyIsForgottenAndNewOneSigns() throws InterruptedException {
        keys.reconcile();
        String first = spare();
        list(first, State.ACTIVE);
        clock.advance(Duration.ofSeconds(2));
        keys.reconcile();
        String second = spare();
        list(first, State.RETIRING);
        list(second, State.ACTIVE);
        assertThat(keys.active()).map(SigningKey::keyId).contains(second);
        keys.reconcile();
        list(first, State.ACTIVE);
        listed.remove(second);
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void activeWhenKeyIsAnothersThenNotUsed() throws InterruptedException {
        keys.reconcile();
        DirectoryKey mine = key(spare(), State.ACTIVE);
        listed.put(spare(), new DirectoryKey(mine.keyId(), mine.owner(), "another", mine.state(), mine.publicKey()));
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void activeWhenDirectoryIsStaleThenNothing() throws InterruptedException {
        keys.reconcile();
        list(spare(), State.ACTIVE);
        assertThat(keys.active()).isPresent();
        known = false;
        assertThat(keys.active()).isEmpty();
    }

    @Test
    void healthWhenNoKeyIsActiveThenOutOfService() throws InterruptedException {
        SigningKeyHealth health = new SigningKeyHealth(keys);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        keys.reconcile();
        list(spare(), State.PREPARED);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        list(spare(), State.ACTIVE);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private String spare() {
        return registered.keySet().stream().reduce((_, last) -> last).orElseThrow();
    }

    private void list(String keyId, State state) {
        listed.put(keyId, key(keyId, state));
    }

    private DirectoryKey key(String keyId, State state) {
        try {
            return new DirectoryKey(
                    keyId,
                    OWNER,
                    "me",
                    state,
                    ECKey.parse(Optional.ofNullable(registered.get(keyId)).orElseThrow())
                            .toECPublicKey());
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
