/// The owner's side of the key life cycle: keys that are made here, registered with the key-rotation-service, and used
/// as the signed directory says. Material never leaves its owner.
@NullMarked
package dev.postern.chassis.keys;

import org.jspecify.annotations.NullMarked;
