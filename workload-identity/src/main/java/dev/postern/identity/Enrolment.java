package dev.postern.identity;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// One generation from start to end: new key, request, answer, check. An answer that does not fit is never taken
/// over.
final class Enrolment {
    private final IdentityIssuer issuer;
    private final URI spiffeId;
    private final List<String> hosts;
    private final Clock clock;
    private final SecureRandom random;

    Enrolment(IdentityIssuer issuer, URI spiffeId, List<String> hosts, Clock clock, SecureRandom random) {
        this.issuer = issuer;
        this.spiffeId = spiffeId;
        this.hosts = List.copyOf(hosts);
        this.clock = clock;
        this.random = random;
    }

    IdentityDocument enrol() {
        KeyPair keys = P256.generate(random);
        IssuedChain issued = issuer.issue(SigningRequestWriter.write(keys, spiffeId, hosts));
        if (!issued.leaf().getPublicKey().equals(keys.getPublic())) {
            throw invalid("The issued certificate is for another key.");
        }
        if (!PeerIdentity.of(issued.leaf()).equals(Optional.of(spiffeId))) {
            throw invalid("The issued certificate is for another identity.");
        }
        if (issued.leaf().getNotAfter().toInstant().isBefore(clock.instant())) {
            throw invalid("The issued certificate has already run out: check the clocks.");
        }
        issued.requireLeadsTo(issued.anchors(), clock.instant());
        return new IdentityDocument(spiffeId, keys.getPrivate(), issued.chain(), issued.anchors());
    }

    private static IdentityUnavailable invalid(String sentence) {
        return new IdentityUnavailable(Reason.INVALID_ANSWER, sentence);
    }
}
