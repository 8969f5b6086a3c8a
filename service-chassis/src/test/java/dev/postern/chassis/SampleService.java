package dev.postern.chassis;

import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.trust.OwnTrustFeed;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The smallest service that stands on the chassis. Without a scan, which would find what belongs to the management
/// port.
@SpringBootConfiguration
@EnableAutoConfiguration
class SampleService {
    static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    static final Duration CERTIFICATE_LIFE = Duration.ofSeconds(4);
    static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());

    /// Lives for seconds, so that renewal happens while the test looks on.
    @Bean
    WorkloadIdentity workloadIdentity(Clock clock) {
        var id = DOMAIN.idOf("redaction-service");
        var grant = new InMemoryAuthority.Grant(id, InMemoryAuthority.LOCAL_HOSTS, CERTIFICATE_LIFE);
        return WorkloadIdentity.issuedBy(AUTHORITY.issuerFor(grant), id, InMemoryAuthority.LOCAL_HOSTS, clock);
    }

    @Bean
    OwnTrustFeed trustFeed(Clock clock) {
        return new OwnTrustFeed(clock);
    }

    @RestController
    static class Endpoints {
        private final PeerIdentities peers;

        Endpoints(PeerIdentities peers) {
            this.peers = peers;
        }

        @GetMapping("/for-the-relay")
        Map<String, String> forTheRelay(HttpServletRequest request) {
            return Map.of(
                    "peer",
                    peers.require(request, Set.of("service/inference-relay")).toString());
        }

        @GetMapping("/doubled")
        long doubled(@RequestParam long number) {
            return 2 * number;
        }

        @GetMapping("/breaks")
        String breaks() {
            throw new IllegalStateException("the user's secret text");
        }

        @PostMapping("/numbers")
        int numbers(@RequestBody List<Integer> numbers) {
            return numbers.size();
        }
    }
}
