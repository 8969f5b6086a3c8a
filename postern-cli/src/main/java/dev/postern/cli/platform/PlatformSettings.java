package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import java.time.Duration;
import java.util.Map;

/// One local platform.
///
/// @param kms where the services' keys are managed
/// @param environment further variables for the services, such as a shorter certificate life in a test
/// @param patience the longest wait for one start
public record PlatformSettings(
        Checkout checkout,
        PosternHome home,
        Ports ports,
        Heaps heaps,
        Upstream upstream,
        Kms kms,
        Map<String, String> environment,
        Duration patience) {
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(3);

    public PlatformSettings {
        environment = Map.copyOf(environment);
    }

    public static PlatformSettings of(Map<String, String> environment, Upstream upstream) {
        Checkout checkout = Checkout.current();
        PosternHome home = PosternHome.of(environment, checkout.root());
        return new PlatformSettings(
                checkout,
                home,
                Ports.of(environment, home),
                Heaps.of(environment),
                upstream,
                Kms.LOCAL,
                Map.of(),
                USUAL_PATIENCE);
    }

    /// The same platform, its services started with further variables.
    public PlatformSettings with(Map<String, String> variables) {
        return new PlatformSettings(checkout, home, ports, heaps, upstream, kms, variables, patience);
    }

    /// The same platform with its keys elsewhere.
    public PlatformSettings withKeysAt(Kms other) {
        return new PlatformSettings(checkout, home, ports, heaps, upstream, other, environment, patience);
    }

    PlatformSettings at(PosternHome other) {
        return new PlatformSettings(
                checkout, other, ports, heaps, Upstream.SIMULATOR, Kms.LOCAL, environment, patience);
    }
}
