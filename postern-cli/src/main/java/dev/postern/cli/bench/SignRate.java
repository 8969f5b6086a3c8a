package dev.postern.cli.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;

/// How many ES256 signatures one core makes in a second with the JDK alone: what bounds any token-service.
final class SignRate {
    private static final byte[] MESSAGE = new byte[600];

    private SignRate() {}

    static double measure(Duration duration, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(generator.generateKeyPair().getPrivate());
            run(signature, duration.dividedBy(2));
            return run(signature, duration);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with P-256", e);
        }
    }

    private static double run(Signature signature, Duration duration) throws GeneralSecurityException {
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        int count = 0;
        while (System.nanoTime() < end) {
            signature.update(MESSAGE);
            signature.sign();
            count++;
        }
        return count * 1e9 / (System.nanoTime() - began);
    }
}
