@NullMarked
package dev.postern.chassis.redis;

import org.jspecify.annotations.NullMarked;
