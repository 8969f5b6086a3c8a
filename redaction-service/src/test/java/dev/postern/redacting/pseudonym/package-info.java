@NullMarked
package dev.postern.redacting.pseudonym;

import org.jspecify.annotations.NullMarked;
