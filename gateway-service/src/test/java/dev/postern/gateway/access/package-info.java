@NullMarked
package dev.postern.gateway.access;

import org.jspecify.annotations.NullMarked;
