/// The real jars as processes, seen from outside.
@NullMarked
package dev.postern.system;

import org.jspecify.annotations.NullMarked;
