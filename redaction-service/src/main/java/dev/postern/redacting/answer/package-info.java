/// Puts the caller's values back into a model's answer, whole or streamed.
@NullMarked
package dev.postern.redacting.answer;

import org.jspecify.annotations.NullMarked;
