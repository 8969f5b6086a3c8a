package dev.postern.cli;

import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import java.net.URI;
import java.util.function.Function;

/// The operator's way to the keys of a running platform.
///
/// @param management each service's management port
record KeysAccess(PlatformHttp operator, URI rotation, Function<PlatformService, URI> management)
        implements AutoCloseable {
    static KeysAccess to(PlatformSettings settings) {
        return new KeysAccess(
                new PlatformHttp(new Operator(settings.home()).tls()),
                settings.ports().endpoint(PlatformService.ROTATION),
                settings.ports()::managementEndpoint);
    }

    KeyLedger ledger() {
        return new KeyLedger(operator, rotation);
    }

    @Override
    public void close() {
        operator.close();
    }
}
