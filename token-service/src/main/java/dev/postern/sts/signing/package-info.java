/// The keys tokens are signed with: born in this process, published through the key directory, never stored.
@NullMarked
package dev.postern.sts.signing;

import org.jspecify.annotations.NullMarked;
