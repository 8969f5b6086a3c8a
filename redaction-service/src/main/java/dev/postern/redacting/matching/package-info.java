/// Matching many literals at once.
@NullMarked
package dev.postern.redacting.matching;

import org.jspecify.annotations.NullMarked;
