package dev.postern.identity;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Joins with the one-time token as long as there is no live certificate, and renews over mTLS afterwards. A
/// workload whose certificate ran out recovers without a restart when an operator puts a new token file in place.
final class JoiningIssuer implements IdentityIssuer {
    private final JoinSettings settings;
    private final RemoteAuthority authority;
    private final SecureRandom random;
    private volatile @Nullable WorkloadIdentity live;

    JoiningIssuer(JoinSettings settings, SecureRandom random) {
        this.settings = settings;
        this.authority = new RemoteAuthority(settings.authority());
        this.random = random;
    }

    /// From now on renew with this identity's certificate.
    void renewWith(WorkloadIdentity identity) {
        live = identity;
    }

    @Override
    public IssuedChain issue(byte[] csrDer) {
        WorkloadIdentity identity = live;
        if (identity == null) {
            return join(csrDer);
        }
        if (!identity.expired()) {
            return authority.renew(identity.sslContext(), csrDer);
        }
        if (!Files.exists(settings.joinTokenFile())) {
            throw new IdentityUnavailable(
                    Reason.EXPIRED, "The certificate ran out before it was renewed; a new join token is needed.");
        }
        return join(csrDer);
    }

    private IssuedChain join(byte[] csrDer) {
        SSLContext anchorsOnly = Tls13.context(null, LiveTrust.over(anchors()), random);
        String token = token();
        IssuedChain issued;
        try {
            issued = authority.join(anchorsOnly, settings.service(), token, csrDer);
        } catch (IdentityUnavailable unavailable) {
            if (unavailable.reason() == Reason.REFUSED) {
                // Refused means used or void: keeping it would only repeat the refusal.
                forgetToken();
            }
            throw unavailable;
        }
        forgetToken();
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
        Path file = settings.joinTokenFile();
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
                "The join token file " + file + " is not there: start this service with ./postern up.");
    }

    private void forgetToken() {
        try {
            Files.deleteIfExists(settings.joinTokenFile());
        } catch (IOException _) {
            // The authority has burned it already: what is left on disk opens nothing.
        }
    }
}
