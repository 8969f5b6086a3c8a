package dev.postern.sts.revocation;

import dev.postern.trust.Revocation;

/// A revocation with what the feed need not know.
///
/// @param actor who is behind it, as the audit trail names them
public record IssuedRevocation(String id, Revocation revocation, String actor) {}
