/// Following the trust feed.
@NullMarked
package dev.postern.chassis.trust;

import org.jspecify.annotations.NullMarked;
