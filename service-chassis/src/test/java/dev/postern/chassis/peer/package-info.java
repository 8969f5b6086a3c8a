/// Tests of the peer matrix.
@NullMarked
package dev.postern.chassis.peer;

import org.jspecify.annotations.NullMarked;
