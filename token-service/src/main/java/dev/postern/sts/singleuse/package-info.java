/// Ids that may be used once: of assertions and proofs, remembered in Redis for all replicas together.
@NullMarked
package dev.postern.sts.singleuse;

import org.jspecify.annotations.NullMarked;
