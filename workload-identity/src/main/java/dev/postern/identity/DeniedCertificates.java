package dev.postern.identity;

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
    /// More than the feed can name at once, many times over: beyond it a feed is broken, not a platform compromised.
    static final int MOST = 65_536;

    private final Set<BigInteger> serials = ConcurrentHashMap.newKeySet();

    /// Adds them; whether any was not denied before.
    boolean add(Collection<BigInteger> more) {
        boolean news = false;
        for (BigInteger serial : more) {
            if (serials.size() >= MOST) {
                throw new IllegalStateException("more than " + MOST + " certificates are denied");
            }
            news |= serials.add(serial);
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
