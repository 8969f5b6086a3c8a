package dev.postern.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.token.TrustState.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrustViewTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final SomeToken TOKEN = SomeToken.issuedAt(NOON);

    private final TrustView view = new TrustView();

    @ParameterizedTest
    @CsvSource({
        "TOKEN,token-1",
        "SESSION,session-1",
        "KEY,key-1",
        "CLIENT,client-1",
        // A service that acts for a client holds tokens with the client as subject.
        "CLIENT,subject-1",
        "SUBJECT,subject-1",
        "TENANT,tenant-1"
    })
    void standingWhenItsNameIsRevokedThenRevoked(Revocation.Kind kind, String value) {
        assertThat(view.apply(revocation(kind, value, NOON), NOON)).isTrue();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.REVOKED);
    }

    @ParameterizedTest
    @CsvSource({
        "TOKEN,session-1",
        "SESSION,token-1",
        "KEY,client-1",
        "CLIENT,tenant-1",
        "SUBJECT,tenant-1",
        "TENANT,key-1"
    })
    void standingWhenAnotherKindHasTheNameThenTrusted(Revocation.Kind kind, String value) {
        view.apply(revocation(kind, value, NOON), NOON);
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.TRUSTED);
    }

    @ParameterizedTest
    @CsvSource({
        "TOKEN,token-1,REVOKED",
        "SESSION,session-1,REVOKED",
        "KEY,key-1,REVOKED",
        "CLIENT,client-1,TRUSTED",
        "SUBJECT,subject-1,TRUSTED",
        "TENANT,tenant-1,TRUSTED"
    })
    void standingWhenIssuedAfterTheRevocation(Revocation.Kind kind, String value, Standing expected) {
        view.apply(revocation(kind, value, NOON.minusMillis(1)), NOON);
        assertThat(view.standingOf(TOKEN)).isEqualTo(expected);
    }

    @Test
    void standingWhenAnActorIsRevokedThenRevoked() {
        view.apply(revocation(Revocation.Kind.CLIENT, "agent", NOON), NOON);
        assertThat(view.standingOf(TOKEN.actedFor("agent"))).isEqualTo(Standing.REVOKED);
        assertThat(view.standingOf(TOKEN.actedFor("another"))).isEqualTo(Standing.TRUSTED);
    }

    @Test
    void revocationIsForgottenWhenItsTimeIsOver() {
        Revocation revocation = revocation(Revocation.Kind.TOKEN, "token-1", NOON);
        view.apply(revocation, NOON);
        view.expire(revocation.until().minusMillis(1));
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.REVOKED);
        view.expire(revocation.until());
        assertThat(view.size()).isZero();
        assertThat(view.apply(revocation, revocation.until())).isFalse();
    }

    @Test
    void repeatedAndOlderChangesSayNothingNew() {
        view.apply(revocation(Revocation.Kind.CLIENT, "client-1", NOON), NOON);
        assertThat(view.apply(revocation(Revocation.Kind.CLIENT, "client-1", NOON), NOON))
                .isFalse();
        assertThat(view.apply(revocation(Revocation.Kind.CLIENT, "client-1", NOON.minusSeconds(9)), NOON))
                .isFalse();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.REVOKED);
        assertThat(view.apply(revocation(Revocation.Kind.CLIENT, "client-1", NOON.plusSeconds(9)), NOON))
                .isTrue();
        assertThat(view.standingOf(SomeToken.issuedAt(NOON.plusSeconds(9)))).isEqualTo(Standing.REVOKED);
    }

    @Test
    void tokensOfAnOlderPolicyAreOutdatedAndTheMinimumNeverFalls() {
        assertThat(view.apply(new PolicyPublished(8, 0, "{}"), NOON)).isTrue();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.TRUSTED);
        assertThat(view.apply(new PolicyPublished(9, 8, "{}"), NOON)).isTrue();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.OUTDATED);
        assertThat(view.apply(new PolicyPublished(8, 0, "{}"), NOON)).isFalse();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.OUTDATED);
        assertThat(view.policy().map(PolicyPublished::epoch)).contains(9L);
    }

    @Test
    void whatADestroyedOrCompromisedKeySignedIsRevoked() {
        for (KeyStates.State state : KeyStates.State.values()) {
            TrustView one = new TrustView();
            one.apply(new KeyStates(3, Map.of("key-1", state)), NOON);
            assertThat(one.standingOf(TOKEN)).isEqualTo(state.isTrusted() ? Standing.TRUSTED : Standing.REVOKED);
            assertThat(one.apply(new KeyStates(2, Map.of("key-1", KeyStates.State.ACTIVE)), NOON))
                    .isFalse();
        }
    }

    @Test
    void changesOfAViewGiveTheSameView() {
        view.apply(new PolicyPublished(9, 8, "{}"), NOON);
        view.apply(new KeyStates(3, Map.of("key-1", KeyStates.State.DESTROYED)), NOON);
        view.apply(revocation(Revocation.Kind.TENANT, "tenant-1", NOON), NOON);
        TrustView copy = new TrustView();
        view.changes().forEach(change -> copy.apply(change, NOON));
        assertThat(new HashSet<>(copy.changes())).isEqualTo(new HashSet<>(view.changes()));
    }

    @Test
    void oneRevocationTooManyIsRefusedAndTheOthersStay() {
        for (int i = 0; i < TrustView.MAX_REVOCATIONS; i++) {
            view.apply(revocation(Revocation.Kind.TOKEN, "token-" + i, NOON), NOON);
        }
        assertThatThrownBy(() -> view.apply(revocation(Revocation.Kind.CLIENT, "client-1", NOON), NOON))
                .isInstanceOf(TrustView.ViewFull.class);
        assertThat(view.apply(revocation(Revocation.Kind.TOKEN, "token-1", NOON), NOON))
                .isFalse();
        assertThat(view.standingOf(TOKEN)).isEqualTo(Standing.REVOKED);
    }

    @Test
    void revocationRefusesWhatItCannotMean() {
        assertThatThrownBy(() -> revocation(Revocation.Kind.TOKEN, " ", NOON))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Revocation.of(Revocation.Kind.TOKEN, "t", NOON, "Free text."))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Revocation(Revocation.Kind.TOKEN, "t", NOON, NOON, "r"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Duration.between(
                        NOON, revocation(Revocation.Kind.TOKEN, "t", NOON).until()))
                .isEqualTo(Revocation.MEMORY);
    }

    private static Revocation revocation(Revocation.Kind kind, String value, Instant at) {
        return Revocation.of(kind, value, at, "test");
    }
}
