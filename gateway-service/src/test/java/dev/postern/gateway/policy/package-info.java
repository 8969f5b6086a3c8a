/// The policy set in force, by itself.
@NullMarked
package dev.postern.gateway.policy;

import org.jspecify.annotations.NullMarked;
