/// Carries a routed request over a sealed session and writes its answer.
@NullMarked
package dev.postern.gateway.routing;

import org.jspecify.annotations.NullMarked;
