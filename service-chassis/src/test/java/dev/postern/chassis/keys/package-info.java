@NullMarked
package dev.postern.chassis.keys;

import org.jspecify.annotations.NullMarked;
