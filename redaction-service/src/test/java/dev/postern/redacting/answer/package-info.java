@NullMarked
package dev.postern.redacting.answer;

import org.jspecify.annotations.NullMarked;
