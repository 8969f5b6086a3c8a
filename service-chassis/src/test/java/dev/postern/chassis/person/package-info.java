@NullMarked
package dev.postern.chassis.person;

import org.jspecify.annotations.NullMarked;
