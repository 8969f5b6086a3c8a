/// Takes personal data and secrets out of a request body.
@NullMarked
package dev.postern.redacting.prompt;

import org.jspecify.annotations.NullMarked;
