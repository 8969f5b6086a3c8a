/// What the registry keeps sealed, and the keys that seal it.
@NullMarked
package dev.postern.sts.sealing;

import org.jspecify.annotations.NullMarked;
