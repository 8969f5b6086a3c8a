package dev.postern.cli;

import dev.postern.cli.platform.Kms;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.platform.VaultAdmission;
import dev.postern.cli.terminal.Progress;
import java.security.SecureRandom;
import java.time.Clock;

/// What commands take from the outside world: the environment, the clock, randomness and the terminal. The only place
/// that reaches for them.
record Surroundings(PlatformSettings settings, SecureRandom random, Clock clock, Progress progress) {
    static Surroundings real(Upstream upstream) {
        return new Surroundings(
                PlatformSettings.of(System.getenv(), upstream),
                new SecureRandom(),
                Clock.systemUTC(),
                new Progress(System.err));
    }

    /// The Vault that the environment names.
    static VaultAdmission vault() {
        return VaultAdmission.of(System.getenv());
    }

    Surroundings withKeysAt(Kms kms) {
        return new Surroundings(settings.withKeysAt(kms), random, clock, progress);
    }

    Platform platform() {
        return new Platform(settings, random, clock, progress);
    }
}
