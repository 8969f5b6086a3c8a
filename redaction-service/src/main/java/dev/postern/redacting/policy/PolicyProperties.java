package dev.postern.redacting.policy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Policies of tenants.
///
/// @param reload how often each replica looks whether another one changed a policy
/// @param staleAfter how long the policies in memory count while the kept ones cannot be read; then prompts are refused
/// @param largestDocument of one tenant
/// @param largestSet of all tenants' documents together
@ConfigurationProperties("postern.redaction.policies")
public record PolicyProperties(
        @DefaultValue("500ms") Duration reload,
        @DefaultValue("10m") Duration staleAfter,
        @DefaultValue("64KB") DataSize largestDocument,
        @DefaultValue("512KB") DataSize largestSet) {

    public PolicyProperties {
        if (reload.toMillis() < 10 || reload.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("postern.redaction.policies.reload must be from 10ms to 30s");
        }
        if (staleAfter.compareTo(reload.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "postern.redaction.policies.stale-after must be at least three times reload");
        }
        if (largestDocument.toBytes() < 1
                || largestDocument.compareTo(largestSet) > 0
                || largestSet.compareTo(DataSize.ofKilobytes(700)) > 0) {
            throw new IllegalArgumentException("postern.redaction.policies needs largest-document above 0, at most"
                    + " largest-set, and that at most 700KB: a Vault keeps no larger value");
        }
    }
}
