/// The settings that every service starts from.
@NullMarked
package dev.postern.chassis.defaults;

import org.jspecify.annotations.NullMarked;
