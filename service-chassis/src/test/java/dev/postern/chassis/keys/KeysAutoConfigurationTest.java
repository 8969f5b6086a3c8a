package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which connections keys are registered and reported over.
final class KeysAutoConfigurationTest {
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

    private static String serial(AskedAuthority authority) {
        return authority.caller.current().leaf().getSerialNumber().toString(16);
    }
}
