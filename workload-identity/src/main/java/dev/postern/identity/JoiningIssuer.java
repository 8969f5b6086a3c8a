package dev.postern.identity;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Joins with its credential as long as there is no live certificate, and renews over mTLS afterwards. A workload whose
/// certificate ran out, or was denied, recovers without a restart: by its service account, or when an operator puts a
/// new token file in place.
///
/// Guarantee: only the platform's key-rotation-service, by name, is shown a token or believed; and what it issues
/// must lead to an anchor that was trusted before it answered, so no answer brings its own trust.
final class JoiningIssuer implements IdentityIssuer {
    private static final String AUTHORITY = "key-rotation-service";

    private final JoinSettings settings;
    private final RemoteAuthority authority;
    private final URI authorityId;
    private final Clock clock;
    private final SecureRandom random;
    private volatile @Nullable Renewing renewing;

    /// The identity in force, and its connections to the authority: made once, for contexts are kept for good.
    private record Renewing(WorkloadIdentity identity, SSLContext tls) {}

    JoiningIssuer(JoinSettings settings, Clock clock, SecureRandom random) {
        this.settings = settings;
        this.authority = new RemoteAuthority(settings.authority());
        this.authorityId = new TrustDomain(settings.trustDomain()).idOf(AUTHORITY);
        this.clock = clock;
        this.random = random;
    }

    /// From now on renew with this identity's certificate.
    void renewWith(WorkloadIdentity identity) {
        renewing = new Renewing(identity, identity.sslContext(authorityId));
    }

    @Override
    public IssuedChain issue(byte[] csrDer) {
        Renewing now = renewing;
        if (now == null) {
            return join(csrDer);
        }
        if (now.identity().usable()) {
            List<X509Certificate> known = now.identity().current().anchors();
            return checked(authority.renew(now.tls(), csrDer), known);
        }
        if (!Files.exists(settings.credential().file())) {
            throw new IdentityUnavailable(
                    Reason.EXPIRED, "The certificate counts no more and was not renewed; a new join token is needed.");
        }
        return join(csrDer);
    }

    private IssuedChain join(byte[] csrDer) {
        List<X509Certificate> known = anchors();
        SSLContext authorityOnly = Tls13.context(null, new PinnedTrust(LiveTrust.over(known), authorityId), random);
        String token = token();
        return switch (settings.credential()) {
            case Credential.JoinToken _ -> {
                IssuedChain issued;
                try {
                    issued = authority.join(authorityOnly, settings.service(), token, csrDer);
                } catch (IdentityUnavailable unavailable) {
                    if (unavailable.reason() == Reason.REFUSED) {
                        // Refused means used or void: keeping it would only repeat the refusal.
                        forgetToken();
                    }
                    throw unavailable;
                }
                forgetToken();
                yield checked(issued, known);
            }
            case Credential.ServiceAccount _ ->
                checked(authority.attest(authorityOnly, settings.service(), token, csrDer), known);
        };
    }

    private IssuedChain checked(IssuedChain issued, List<X509Certificate> known) {
        issued.requireLeadsTo(known, clock.instant());
        return issued;
    }

    private List<X509Certificate> anchors() {
        Path file = settings.caCertificate();
        try {
            return CertificatePem.certificates(Files.readString(file));
        } catch (NoSuchFileException _) {
            throw new IdentityUnavailable(
                    Reason.NO_TRUST_ANCHOR,
                    "The CA certificate " + file + " is not there: start key-rotation-service first.");
        } catch (IOException | CertificateException e) {
            // Also a file that is being written just now: worth another look.
            throw new IdentityUnavailable(Reason.NO_TRUST_ANCHOR, "The CA certificate " + file + " cannot be read.", e);
        }
    }

    private String token() {
        Path file = settings.credential().file();
        try {
            String token = Files.readString(file).strip();
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException _) {
            // Same answer as for an empty file.
        }
        throw new IdentityUnavailable(
                Reason.NO_JOIN_TOKEN,
                switch (settings.credential()) {
                    case Credential.JoinToken _ ->
                        "The join token file " + file + " is not there: start this service with ./postern up.";
                    case Credential.ServiceAccount _ ->
                        "The service account token " + file + " is not there: project it into the pod.";
                });
    }

    private void forgetToken() {
        try {
            Files.deleteIfExists(settings.credential().file());
        } catch (IOException _) {
            // The authority has burned it already: what is left on disk opens nothing.
        }
    }
}
