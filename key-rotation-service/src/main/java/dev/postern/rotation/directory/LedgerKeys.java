package dev.postern.rotation.directory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.token.VerificationKeys;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The directory verifies tokens against itself: what it publishes is trusted, and nothing else.
public final class LedgerKeys implements VerificationKeys {
    private final KeyLedger ledger;
    private volatile BiConsumer<String, Instant> uses = (_, _) -> {};

    LedgerKeys(KeyLedger ledger) {
        this.ledger = ledger;
    }

    /// Calls `listener` with the id of each key that is seen to have signed a token, and when the token says that was.
    /// One listener; it must not wait.
    public void onUse(BiConsumer<String, Instant> listener) {
        uses = listener;
    }

    @Override
    public Optional<ECPublicKey> find(String kid) {
        return known(kid).filter(key -> key.state().usable()).map(LedgerKeys::publicKey);
    }

    @Override
    public Optional<ECPublicKey> former(String kid) {
        return known(kid).filter(key -> !key.state().usable()).map(LedgerKeys::publicKey);
    }

    @Override
    public void signed(String kid, Instant issuedAt) {
        uses.accept(kid, issuedAt);
    }

    private Optional<ManagedKey> known(String kid) {
        return ledger.ring().find(kid).filter(key -> key.keyClass() == KeyClass.TOKEN_SIGNING);
    }

    private static ECPublicKey publicKey(ManagedKey key) {
        try {
            return ECKey.parse(new LinkedHashMap<>(key.jwk())).toECPublicKey();
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("a registered key is a P-256 key", e);
        }
    }
}
