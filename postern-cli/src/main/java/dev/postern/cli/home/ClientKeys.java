package dev.postern.cli.home;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.ProofKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;

/// What a client of this machine proves itself with, under `clients/<name>/`, each file 0600.
///
/// - `private-key.jwk` signs its assertions; its public half is registered.
/// - `dpop.jwk` is what its DPoP-bound tokens are bound to; made when first asked for.
/// - `tls-cert.pem`, `tls-key.pem` are what its mTLS-bound tokens are bound to; made when first asked for, and signed
///   by nobody that anyone trusts: a thumbprint needs no chain.
public final class ClientKeys {
    private final PosternHome home;
    private final String client;

    public ClientKeys(PosternHome home, String client) {
        if (!client.matches("[a-z0-9-]{1,64}")) {
            throw new Failure("A client's name consists of small letters, digits and dashes.");
        }
        this.home = home;
        this.client = client;
    }

    public String client() {
        return client;
    }

    public ECKey signingKey() {
        return read(file("private-key.jwk"));
    }

    /// Makes the key when there is none yet.
    public void ensureSigningKey(SecureRandom random) {
        ensure(file("private-key.jwk"), random);
    }

    public ProofKey proofKey(SecureRandom random) {
        Path file = file("dpop.jwk");
        ensure(file, random);
        try {
            return new ProofKey(read(file).toKeyPair(), random);
        } catch (JOSEException e) {
            throw new Failure(file + " does not hold a private key.", e);
        }
    }

    public TlsFiles tls(Clock clock, SecureRandom random) {
        TlsFiles files = new TlsFiles(file("tls-cert.pem"), file("tls-key.pem"));
        files.ensure(client, clock, random);
        return files;
    }

    private Path file(String name) {
        return home.client(client).resolve(name);
    }

    private static void ensure(Path file, SecureRandom random) {
        if (Files.exists(file)) {
            return;
        }
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .secureRandom(random)
                    .keyIDFromThumbprint(true)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
            PrivateFiles.write(file, key.toJSONString());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static ECKey read(Path file) {
        try {
            return ECKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw new Failure("There is no key in " + file + ": start the platform once with ./postern up.", e);
        } catch (ParseException e) {
            throw new Failure(file + " does not hold an EC key in JWK form.", e);
        }
    }
}
