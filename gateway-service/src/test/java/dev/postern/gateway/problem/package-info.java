/// The wording of failures.
@NullMarked
package dev.postern.gateway.problem;

import org.jspecify.annotations.NullMarked;
