package dev.postern.sts.trust;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.peer.Peers;
import dev.postern.trust.HttpSnapshotSource;
import dev.postern.trust.TrustPublisher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/trust/snapshot`: everything that is in force, signed, for the services of the platform. They read it while
/// the feed is silent, so that revocation works without Redis.
@RestController
final class SnapshotController {

    private static final MediaType JWT = MediaType.parseMediaType("application/jwt");

    private final Peers peers;
    private final TrustPublisher publisher;

    SnapshotController(Peers peers, TrustPublisher publisher) {
        this.peers = peers;
        this.publisher = publisher;
    }

    @GetMapping(HttpSnapshotSource.PATH)
    ResponseEntity<String> snapshot(HttpServletRequest request) {
        var _ = peers.requireService(request);
        try {
            return ResponseEntity.ok()
                    .cacheControl(CacheControl.noStore())
                    .contentType(JWT)
                    .body(publisher.snapshot());
        } catch (DataAccessException _) {
            throw new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
    }
}
