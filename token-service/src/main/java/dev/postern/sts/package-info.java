/// The security token service: who may have which access token.
///
/// Guarantee: a token leaves only after its issue is on disk in the audit spool. Nothing is stored per token.
@NullMarked
package dev.postern.sts;

import org.jspecify.annotations.NullMarked;
