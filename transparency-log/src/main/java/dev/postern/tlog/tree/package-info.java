/// Merkle hashing and proofs of RFC 9162, section 2.1: pure functions over hashes.
@NullMarked
package dev.postern.tlog.tree;

import org.jspecify.annotations.NullMarked;
