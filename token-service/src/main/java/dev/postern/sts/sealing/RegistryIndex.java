package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.envelope.BlindIndex;
import java.util.List;

/// Finds values of one sealed column by equality: a [BlindIndex] that fails as [RegistrySeal] does.
public final class RegistryIndex {
    private final BlindIndex index;

    RegistryIndex(BlindIndex index) {
        this.index = index;
    }

    /// To be stored beside the sealed value.
    ///
    /// @throws SealingUnavailable while nothing is sealed
    public String of(String value) {
        try {
            return index.of(value);
        } catch (KeyManagementException e) {
            throw new SealingUnavailable(e);
        }
    }

    /// All that the value may be stored under.
    public List<String> candidates(String value) {
        return index.candidates(value);
    }
}
