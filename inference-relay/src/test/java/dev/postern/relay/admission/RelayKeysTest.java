package dev.postern.relay.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.keys.TurningKeys;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.ChallengeKey;
import dev.postern.session.KeyConfig;
import dev.postern.session.KeyConfigVerifier;
import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What the replicas of a relay say of themselves.
class RelayKeysTest {
    private static final String AUDIENCE = "urn:postern:relay";

    private final MutableClock clock = MutableClock.atNoon();
    private final SecureRandom random = new SecureRandom();
    private final TurningKeys<ChallengeKey> challengeKeys =
            TurningKeys.challenges(() -> ChallengeKey.generate(random), ChallengeKey::erase, clock, random);
    private final TrustDomain domain = new TrustDomain("postern.local");
    private final InMemoryAuthority authority = InMemoryAuthority.create("test", Duration.ofDays(1), clock, random);

    @Test
    void replicasOfOneIdentityAreToldApartWhateverKeysTheyHave() throws Exception {
        AdmissionProperties properties = new AdmissionProperties(
                AUDIENCE, Duration.ofMinutes(5), Duration.ofMinutes(15), 100, 16, 1000, 1000, 2, 64);
        try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
                WorkloadIdentity identity = authority.identityOf(domain.idOf("inference-relay"));
                RelayKeys one = new RelayKeys(properties, identity, challengeKeys, scheduler, clock, random);
                RelayKeys other = new RelayKeys(properties, identity, challengeKeys, scheduler, clock, random)) {
            String name = published(one).relayId();
            assertThat(name).startsWith(domain.idOf("inference-relay") + "#");
            assertThat(published(one).relayId()).isEqualTo(name);
            assertThat(published(other).relayId())
                    .startsWith(domain.idOf("inference-relay") + "#")
                    .isNotEqualTo(name);
        }
    }

    private KeyConfig published(RelayKeys keys) throws Exception {
        String signed = JsonMapper.shared()
                .readTree(keys.keyConfig())
                .path("relays")
                .path(0)
                .path("key_config")
                .asString();
        return new KeyConfigVerifier(List.of(authority.certificate()), domain.idOf("inference-relay"), AUDIENCE, clock)
                .verify(signed);
    }
}
