package dev.postern.redact.name;

import java.nio.file.Path;

/// Opens tiers that run a model from a directory. Found by [java.util.ServiceLoader], so that the engine does not
/// depend on what runs models.
public interface NameTierProvider {
    /// Reads the model and tries it once.
    ///
    /// @param sentences that the tier decides one by one, as [NameTier] demands
    /// @throws UnusableNameModel when the directory holds no model that this tier can run; the message says why
    NameTier open(Path directory, Sentences sentences);
}
