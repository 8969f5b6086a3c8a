/// A key in the wrong hands: called by two persons, by a drill, or by a trigger; denied at once; reported with times.
@NullMarked
package dev.postern.rotation.compromise;

import org.jspecify.annotations.NullMarked;
