/// Named keys that their users never see: wrap, unwrap, sign. One interface, so that a local keyset file and a
/// Vault are the same to a service, and one contract test that every implementation passes.
///
/// Failure direction: closed. A keyset that does not open, a key that is not there, a value that was altered: an
/// exception with one sentence, never a new key in place of a lost one.
@NullMarked
package dev.postern.kms;

import org.jspecify.annotations.NullMarked;
