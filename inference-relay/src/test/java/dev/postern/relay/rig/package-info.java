@NullMarked
package dev.postern.relay.rig;

import org.jspecify.annotations.NullMarked;
