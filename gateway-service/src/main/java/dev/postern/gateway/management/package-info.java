/// The management port's door.
@NullMarked
package dev.postern.gateway.management;

import org.jspecify.annotations.NullMarked;
