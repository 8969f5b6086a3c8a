/// Tests of the identity's wiring.
@NullMarked
package dev.postern.chassis.identity;

import org.jspecify.annotations.NullMarked;
