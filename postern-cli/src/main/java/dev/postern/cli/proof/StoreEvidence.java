package dev.postern.cli.proof;

import java.util.List;

/// What was seen of a store.
///
/// @param evidence one sentence
/// @param findings empty when all is well
public record StoreEvidence(Store store, String evidence, List<Finding> findings) {
    public StoreEvidence {
        findings = List.copyOf(findings);
    }

    public boolean ok() {
        return findings.isEmpty();
    }
}
