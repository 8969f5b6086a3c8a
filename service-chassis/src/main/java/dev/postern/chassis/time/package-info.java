/// The sources of time and randomness that everything else is given.
@NullMarked
package dev.postern.chassis.time;

import org.jspecify.annotations.NullMarked;
