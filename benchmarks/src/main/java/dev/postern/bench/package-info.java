/// What the hot paths of access cost, each beside a reference that was measured in the same run.
@NullMarked
package dev.postern.bench;

import org.jspecify.annotations.NullMarked;
