package dev.postern.cli.demo;

import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.sealed.RelayAccess;
import dev.postern.session.KeyConfigRejected;
import dev.postern.session.KeyConfigVerifier;

/// What relays publish.
final class RelayKeys {
    private RelayKeys() {}

    /// The name of the first key in a relay's signed configuration.
    static String first(DemoWorld world, String signed) throws CheckFailed {
        try {
            return new KeyConfigVerifier(
                            PemIdentity.certificates(world.home().caCertificate()),
                            RelayAccess.IDENTITY,
                            RelayAccess.AUDIENCE,
                            world.clock())
                    .verify(signed)
                    .keys()
                    .getFirst()
                    .id()
                    .toString();
        } catch (KeyConfigRejected _) {
            throw new CheckFailed("a relay's key configuration does not verify");
        }
    }
}
