@NullMarked
package dev.postern.gateway.region;

import org.jspecify.annotations.NullMarked;
