@NullMarked
package dev.postern.redacting.prompt;

import org.jspecify.annotations.NullMarked;
