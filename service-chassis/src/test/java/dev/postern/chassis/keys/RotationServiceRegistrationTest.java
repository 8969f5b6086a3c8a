package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.chassis.keys.KeyNotRegistered.Reason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which connections keys are registered over, and what the answers mean.
final class RotationServiceRegistrationTest {
    @Test
    void registrationsAfterARenewalShowTheNewCertificate() throws Exception {
        try (AskedAuthority authority = new AskedAuthority();
                RotationService rotation = new RotationService(authority.address(), authority.client())) {
            KeyRegistration registration = new RotationServiceRegistration(rotation);
            registration.register("relay-hpke", "key-1", "me", Map.of());
            registration.ended("relay-hpke", "key-1", "me", 3);
            String before = serial(authority);
            assertThat(authority.caller.renewNow()).succeedsWithin(Duration.ofSeconds(10));
            registration.register("relay-hpke", "key-2", "me", Map.of("kty", "EC"));

            String after = serial(authority);
            assertThat(after).isNotEqualTo(before);
            assertThat(authority.serials).containsExactly(before, before, after);
            assertThat(authority.asked)
                    .containsExactly(
                            "PUT /v1/keys/relay-hpke/key-1 {\"instance\":\"me\"}",
                            authority.asked.get(1),
                            "PUT /v1/keys/relay-hpke/key-2 {\"instance\":\"me\",\"jwk\":{\"kty\":\"EC\"}}");
            assertThat(authority.asked.get(1))
                    .startsWith("POST /v1/keys/relay-hpke/key-1/ended")
                    .contains("\"sessions\":3");
        }
    }

    @Test
    void whatWillNeverBeTakenIsToldFromAnOutage() throws Exception {
        try (AskedAuthority authority = new AskedAuthority();
                RotationService rotation = new RotationService(authority.address(), authority.client())) {
            KeyRegistration registration = new RotationServiceRegistration(rotation);
            Map<Integer, Reason> reasons = Map.of(
                    409, Reason.KEY_ID_TAKEN,
                    400, Reason.REFUSED,
                    403, Reason.REFUSED,
                    429, Reason.REFUSED,
                    408, Reason.UNAVAILABLE,
                    503, Reason.UNAVAILABLE);
            for (Map.Entry<Integer, Reason> expected : reasons.entrySet()) {
                authority.status = expected.getKey();
                assertThatExceptionOfType(KeyNotRegistered.class)
                        .isThrownBy(() -> registration.register("relay-hpke", "key-1", "me", Map.of()))
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(expected.getValue()));
            }
        }
    }

    private static String serial(AskedAuthority authority) {
        return authority.caller.current().leaf().getSerialNumber().toString(16);
    }
}
