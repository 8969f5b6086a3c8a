/// The ledger over HTTP: the signed directory for its followers, registration for key owners, rotation for
/// operators.
@NullMarked
package dev.postern.rotation.directory;

import org.jspecify.annotations.NullMarked;
