package dev.postern.vault;

import dev.postern.identity.CertificatePem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A client certificate in PEM files, read again for each handshake: whoever renews the files need not tell anybody.
///
/// Guarantee: a handshake has the key and the certificate that were read together, or none: files that are not there
/// or do not match are no client certificate, which the server refuses.
final class FileKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "files";
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private record Pair(List<X509Certificate> chain, PrivateKey key) {
        @Override
        public String toString() {
            return "Pair[hidden]";
        }
    }

    private final Path certificateFile;
    private final Path keyFile;
    private volatile @Nullable Pair last;

    FileKeys(Path certificateFile, Path keyFile) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        last = read();
        return last == null ? null : ALIAS;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Pair pair = last;
        return pair == null ? null : pair.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Pair pair = last;
        return pair == null ? null : pair.key();
    }

    private @Nullable Pair read() {
        try {
            List<X509Certificate> chain = CertificatePem.certificates(Files.readString(certificateFile));
            Matcher key = KEY.matcher(Files.readString(keyFile));
            if (!key.find()) {
                return null;
            }
            byte[] pkcs8 = Base64.getMimeDecoder().decode(key.group(1));
            return new Pair(
                    chain,
                    KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
            return null;
        }
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
