@NullMarked
package dev.postern.gateway.admission;

import org.jspecify.annotations.NullMarked;
