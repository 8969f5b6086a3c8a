/// Proofs and settings of access, by themselves.
@NullMarked
package dev.postern.gateway.access;

import org.jspecify.annotations.NullMarked;
