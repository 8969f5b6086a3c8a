@NullMarked
package dev.postern.gateway.decision;

import org.jspecify.annotations.NullMarked;
