/// Answers questions about events, with proofs.
@NullMarked
package dev.postern.auditing.query;

import org.jspecify.annotations.NullMarked;
