package dev.postern.cli.proof;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gathers evidence on the platform as it is: one that runs is given values to look for first.
public final class EncryptionEvidence {
    private final PlatformSettings settings;
    private final Platform platform;
    private final SecureRandom random;
    private final Clock clock;

    public EncryptionEvidence(PlatformSettings settings, Platform platform, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.platform = platform;
        this.random = random;
        this.clock = clock;
    }

    public EncryptionProof.Result gather() throws InterruptedException {
        PosternHome home = settings.home();
        if (!Files.isDirectory(home.root())) {
            throw new Failure("There is no platform in " + home.root() + ": ./postern up makes one.");
        }
        if (!platform.running()) {
            return EncryptionProof.of(home, List.of(), Optional.empty());
        }
        try (Planted planted = Planted.plant(settings, random, clock)) {
            return EncryptionProof.of(home, planted.values(), Optional.of(redis()));
        }
    }

    private Map<String, byte[]> redis() {
        try (RedisReader reader = RedisReader.open(settings.ports().redis(), password(settings.home()))) {
            return reader.everything();
        }
    }

    private static String password(PosternHome home) {
        try {
            return Files.readString(home.redisPassword()).strip();
        } catch (IOException e) {
            throw new Failure("The Redis password in " + home.redisPassword() + " cannot be read.", e);
        }
    }
}
