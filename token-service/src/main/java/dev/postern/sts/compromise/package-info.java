/// What ends when a signing key is compromised.
@NullMarked
package dev.postern.sts.compromise;

import org.jspecify.annotations.NullMarked;
