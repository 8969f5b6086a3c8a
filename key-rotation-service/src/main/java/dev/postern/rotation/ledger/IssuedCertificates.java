package dev.postern.rotation.ledger;

import dev.postern.audit.AuditUnavailable;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The certificates of the platform in the ledger: the key id is the serial number, in hexadecimal.
///
/// Guarantee: a certificate that was handed out, or shown here by a follower of the directory, can be denied by its
/// serial number until it has expired.
public record IssuedCertificates(KeyLedger ledger) {
    /// Before it is handed out.
    ///
    /// @throws LedgerStandsBy, [LedgerUnwritable], [RegistrationRefused] as the ledger: nobody gets it then
    public void issued(X509Certificate leaf, URI owner) throws AuditUnavailable {
        String serial = leaf.getSerialNumber().toString(16);
        var _ = ledger.register(new Holder(owner, serial), KeyClass.SERVICE_CERT, serial, Map.of());
    }

    /// The serial numbers that a ring denies.
    public static Set<BigInteger> denied(KeyRing ring) {
        return ring.keys().values().stream()
                .filter(key -> key.keyClass() == KeyClass.SERVICE_CERT && key.state() instanceof KeyState.Compromised)
                .map(key -> new BigInteger(key.kid(), 16))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Enters one that was not handed out here, such as a Vault's: its holder has shown it.
    ///
    /// @throws LedgerStandsBy, [LedgerUnwritable], [RegistrationRefused] as the ledger
    public void shown(X509Certificate leaf, URI owner) throws AuditUnavailable {
        if (ledger.ring().find(leaf.getSerialNumber().toString(16)).isEmpty()) {
            issued(leaf, owner);
        }
    }

    /// Whether the holder of a certificate may have the next one for it. One that is denied proves nothing, so its
    /// owner joins anew; where nobody but drills has denied it, nobody else has its key, so there it may.
    public boolean mayRenew(X509Certificate leaf) {
        String serial = leaf.getSerialNumber().toString(16);
        boolean denied = ledger.ring()
                .find(serial)
                .filter(key -> key.state() instanceof KeyState.Compromised)
                .isPresent();
        return !denied || ledger.onlyDrilled(serial);
    }
}
