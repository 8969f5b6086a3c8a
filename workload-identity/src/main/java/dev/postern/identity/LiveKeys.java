package dev.postern.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// The key manager whose identity is exchanged under living contexts.
///
/// Why not ayza's: a TLS stack asks three times per handshake (alias, key, chain) and ayza locks each call alone,
/// so a swap in between pairs the new key with the old chain. Here the alias names the generation, and the last
/// generation stays answerable, so a handshake ends with the pair that it began with; and stacks that cache by
/// alias (Netty's OpenSSL) see a new one. An expired or denied identity offers no alias at all: TLS fails closed.
///
/// Safe for any thread: the two generations are one immutable value behind a volatile field.
final class LiveKeys extends X509ExtendedKeyManager {
    private record Generations(Aliased current, @Nullable Aliased previous) {}

    private record Aliased(String alias, IdentityDocument document) {
        static Aliased of(IdentityDocument document) {
            return new Aliased("postern-" + document.leaf().getSerialNumber().toString(16), document);
        }
    }

    private final Clock clock;
    private final DeniedCertificates denied;
    private volatile Generations generations;

    LiveKeys(IdentityDocument first, DeniedCertificates denied, Clock clock) {
        this.clock = clock;
        this.denied = denied;
        this.generations = new Generations(Aliased.of(first), null);
    }

    IdentityDocument current() {
        return generations.current().document();
    }

    /// Only the renewing thread calls this.
    void swap(IdentityDocument next) {
        generations = new Generations(Aliased.of(next), generations.current());
    }

    private @Nullable String alias(@Nullable String... keyTypes) {
        Aliased current = generations.current();
        if (current.document().expiredAt(clock.instant())
                || denied.contains(current.document().leaf())) {
            return null;
        }
        for (String keyType : keyTypes) {
            if (keyType != null && keyType.toUpperCase(Locale.ROOT).startsWith("EC")) {
                return current.alias();
            }
        }
        return null;
    }

    private @Nullable IdentityDocument named(@Nullable String alias) {
        Generations seen = generations;
        if (seen.current().alias().equals(alias)) {
            return seen.current().document();
        }
        Aliased previous = seen.previous();
        return previous != null && previous.alias().equals(alias) ? previous.document() : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        IdentityDocument document = named(alias);
        return document == null ? null : document.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        IdentityDocument document = named(alias);
        return document == null ? null : document.privateKey();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    private String @Nullable [] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }
}
