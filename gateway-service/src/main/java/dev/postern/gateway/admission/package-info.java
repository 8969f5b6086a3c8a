/// How much a caller may use: every request passes all of its limits at once, before anything of it reaches a relay,
/// and gives back afterwards what it did not use.
@NullMarked
package dev.postern.gateway.admission;

import org.jspecify.annotations.NullMarked;
