package dev.postern.session;

/// What a relay says about itself in its key configuration.
///
/// @param relayId the relay's SPIFFE id, or that id, `#` and the name of the replica
/// @param audience the audience of tokens for it
/// @param policyHash a hash of the policy it enforces
public record RelayDescription(String relayId, String audience, String policyHash) {
    public RelayDescription {
        if (relayId.isBlank() || audience.isBlank()) {
            throw new IllegalArgumentException("a relay has an id and an audience");
        }
    }
}
