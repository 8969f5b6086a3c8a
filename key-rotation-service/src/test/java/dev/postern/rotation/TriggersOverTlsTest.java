package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.chassis.keys.Suspicion;
import dev.postern.chassis.keys.Trigger;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/// From a token that somebody shows to the alert, with the policy as it is by default.
final class TriggersOverTlsTest extends TriggersFixture {
    @Test
    void wholeRotationUnderTrafficRaisesNoAlarm() throws Exception {
        String old = keys.activeId();
        Thread rotating = Thread.ofVirtual().start(() -> {
            try {
                rotate();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        int verified = 0;
        while (keys.isTrusted(old) || rotating.isAlive()) {
            String token = keys.issue();
            assertThat(keys.verifier.verify(token).keyId()).isNotEmpty();
            verified++;
        }
        assertThat(state(old)).isEqualTo("DESTROYED");
        assertThat(verified).isGreaterThan(100);
        // Whatever was reported is judged before a sign that is real.
        keys.ready();
        String spare = keys.spareId().orElseThrow();
        keys.reports.suspect(
                new Suspicion("token-signing", spare, Trigger.AEAD_FAILURES),
                Clock.systemUTC().instant(),
                1);
        await().atMost(PATIENCE).until(() -> counted("aead-failures", "alert") == 1);
        assertThat(suspected()).extracting(event -> event.trigger()).containsExactly("aead-failures");
        overheard.events.clear();
    }

    @Test
    void signaturesByARetiredKeyAreOneAlertHoweverMany() throws Exception {
        String old = rotate();
        awaitGivenUp(old);
        for (int i = 0; i < 300; i++) {
            keys.show(old);
        }
        assertSuspected(old, "retired-signature", "alert");
        assertThat(state(old)).isIn("RETIRING", "DESTROYED");
        // The reporter counts when it has been answered, which is after the event was written.
        await().atMost(PATIENCE).until(() -> keys.reported("retired-signature") > 0);
        keys.show(old);
        assertThat(keys.reported("retired-signature")).isEqualTo(1);
        overheard.events.clear();
    }

    @Test
    void signatureByASpareIsAnAlert() {
        String spare = keys.spareId().orElseThrow();
        keys.show(spare);
        assertSuspected(spare, "unexpected-use", "alert");
        assertThat(state(spare)).isEqualTo("PREPARED");
        overheard.events.clear();
    }
}
