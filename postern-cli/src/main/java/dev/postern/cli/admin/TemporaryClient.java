package dev.postern.cli.admin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.token.TokenRequest;
import java.security.SecureRandom;

/// A client that is registered for a while, with a key that exists in this process only. Whoever registers it removes
/// it.
public final class TemporaryClient {
    private final AdminClient admin;
    private final String name;
    private final ECKey key;

    private TemporaryClient(AdminClient admin, String name, ECKey key) {
        this.admin = admin;
        this.name = name;
        this.key = key;
    }

    /// Registers it.
    public static TemporaryClient register(AdminClient admin, ClientDocument document, SecureRandom random)
            throws InterruptedException {
        ECKey key = newKey(random);
        admin.put(path(document.name()), document.with(key), "");
        return new TemporaryClient(admin, document.name(), key);
    }

    public String name() {
        return name;
    }

    public TokenRequest request(String scope, String audience) {
        return TokenRequest.of(name, key, scope, audience);
    }

    /// Takes it out of the registry.
    public void remove() throws InterruptedException {
        admin.delete(path(name));
    }

    private static String path(String name) {
        return "/clients/" + AdminClient.segment(name);
    }

    private static ECKey newKey(SecureRandom random) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}
