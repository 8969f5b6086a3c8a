package dev.postern.trust;

/// Something that verification must know of. Applying one twice, or two in another order, ends in the same state.
public sealed interface TrustChange permits Revocation, PolicyPublished, KeyStates {}
