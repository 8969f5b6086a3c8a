package dev.postern.rotation.directory;

import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.ledger.IssuedCertificates;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyRing;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/directory`: the followers' poll, which is heartbeat and acknowledgement at once; with `leaving=true` it is
/// the last one of a process that ends. An operator may read it too, and counts as nobody.
///
/// A follower's certificate that was not issued here is entered in the ledger: from then on it can be denied. While it
/// cannot be entered, the poll is refused.
@RestController
final class DirectoryController {
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final KeyLedger ledger;
    private final IssuedCertificates certificates;
    private final SignedDirectory directory;
    private final PeerIdentities peers;
    private final Set<String> readers;
    private final Set<URI> followers;

    DirectoryController(
            KeyLedger ledger, SignedDirectory directory, PeerIdentities peers, RotationProperties properties) {
        this.ledger = ledger;
        this.certificates = new IssuedCertificates(ledger);
        this.directory = directory;
        this.peers = peers;
        this.readers = new HashSet<>(properties.followers());
        this.readers.addAll(properties.operators());
        this.followers = new HashSet<>();
        properties.followers().forEach(path -> followers.add(peers.id(path)));
    }

    @GetMapping("/v1/directory")
    ResponseEntity<String> directory(
            HttpServletRequest request,
            @RequestParam(defaultValue = "0") String applied,
            @RequestParam(defaultValue = "") String instance,
            @RequestParam(defaultValue = "false") boolean leaving) {
        URI peer = peers.require(request, readers);
        KeyRing ring = followers.contains(peer)
                ? LedgerCalls.answer(() -> {
                    certificates.shown(presented(request), peer);
                    return heard(new Holder(peer, instance(instance)), version(applied), leaving);
                })
                : ledger.ring();
        return ResponseEntity.ok()
                .header("Content-Type", "application/jwt")
                .cacheControl(CacheControl.noStore())
                .body(directory.of(ring));
    }

    private KeyRing heard(Holder holder, long applied, boolean leaving) {
        if (leaving) {
            ledger.leave(holder, applied);
            return ledger.ring();
        }
        return ledger.poll(holder, applied);
    }

    /// Where [PeerIdentities] has found an identity there is a certificate.
    private static X509Certificate presented(HttpServletRequest request) {
        if (request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0) {
            return chain[0];
        }
        throw new ProblemException(Problem.CLIENT_CERTIFICATE_REQUIRED);
    }

    private static long version(String text) {
        try {
            long version = Long.parseLong(text);
            if (version >= 0) {
                return version;
            }
        } catch (NumberFormatException _) {
            // Same answer as for a negative one.
        }
        throw new ProblemException(Problem.MALFORMED);
    }

    private static String instance(String text) {
        try {
            return UUID.fromString(text).toString();
        } catch (IllegalArgumentException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }
}
