package dev.postern.rotation.directory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.token.VerificationKeys;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The directory verifies tokens against itself: what it publishes is trusted, and nothing else.
record LedgerKeys(KeyLedger ledger) implements VerificationKeys {
    @Override
    public Optional<ECPublicKey> find(String kid) {
        return ledger.ring()
                .find(kid)
                .filter(key ->
                        key.keyClass() == KeyClass.TOKEN_SIGNING && key.state().usable())
                .map(LedgerKeys::publicKey);
    }

    private static ECPublicKey publicKey(ManagedKey key) {
        try {
            return ECKey.parse(new LinkedHashMap<>(key.jwk())).toECPublicKey();
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("a registered key is a P-256 key", e);
        }
    }
}
