/// Policy at the edge: the set in force, the facts of a request it decides on, and the decision.
@NullMarked
package dev.postern.gateway.policy;

import org.jspecify.annotations.NullMarked;
