/// The key-rotation-service: platform CA, key lifecycles, and the signed directory that tells everybody which keys
/// count.
@NullMarked
package dev.postern.rotation;

import org.jspecify.annotations.NullMarked;
