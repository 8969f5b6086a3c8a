package dev.postern.identity;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Serials of certificates whose keys somebody else may hold.
///
/// Only ever added to: no later message makes a denied certificate good again. Safe for any thread.
final class DeniedCertificates {
    private static final Logger LOG = System.getLogger(DeniedCertificates.class.getName());
    /// More than the feed can name at once, many times over: beyond it a feed is broken, not a platform compromised.
    static final int MOST = 65_536;

    private final Set<BigInteger> serials = ConcurrentHashMap.newKeySet();

    /// Adds them; whether any was not denied before. What is beyond the bound is not denied, and said.
    boolean add(Collection<BigInteger> more) {
        boolean news = false;
        for (BigInteger serial : more) {
            if (serials.size() < MOST) {
                news |= serials.add(serial);
            } else if (!serials.contains(serial)) {
                LOG.log(Level.ERROR, "more than {0} certificates are denied; the others are not", MOST);
                return news;
            }
        }
        return news;
    }

    boolean contains(X509Certificate leaf) {
        return contains(leaf.getSerialNumber());
    }

    boolean contains(BigInteger serial) {
        return !serials.isEmpty() && serials.contains(serial);
    }

    int size() {
        return serials.size();
    }

    void refuse(X509Certificate leaf) throws CertificateException {
        if (contains(leaf)) {
            throw new CertificateException("the certificate is denied");
        }
    }
}
