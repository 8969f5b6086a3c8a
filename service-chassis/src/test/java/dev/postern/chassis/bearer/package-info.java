/// Tests of the token wiring.
@NullMarked
package dev.postern.chassis.bearer;

import org.jspecify.annotations.NullMarked;
