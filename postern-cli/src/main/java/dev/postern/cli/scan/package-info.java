/// Looks for values where they must not be.
@NullMarked
package dev.postern.cli.scan;

import org.jspecify.annotations.NullMarked;
