package dev.postern.redacting.policy;

import java.util.Optional;

/// A tenant's policy in memory.
///
/// @param terms empty when this version of the engine cannot read the document: then nothing of the tenant passes
record TenantPolicy(StoredPolicy stored, Optional<LabelledTerms> terms) {}
