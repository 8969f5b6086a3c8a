/// The chassis, as a service meets it.
@NullMarked
package dev.postern.chassis;

import org.jspecify.annotations.NullMarked;
