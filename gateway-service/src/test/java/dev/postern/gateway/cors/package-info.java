@NullMarked
package dev.postern.gateway.cors;

import org.jspecify.annotations.NullMarked;
