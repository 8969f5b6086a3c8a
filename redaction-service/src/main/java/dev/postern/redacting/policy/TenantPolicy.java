package dev.postern.redacting.policy;

import dev.postern.redact.policy.RedactionPolicy;
import java.util.Optional;

/// A tenant's policy in memory.
///
/// @param policy empty when this version of the engine cannot read the document: then nothing of the tenant passes
record TenantPolicy(StoredPolicy stored, Optional<RedactionPolicy> policy) {}
