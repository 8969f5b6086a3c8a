@NullMarked
package dev.postern.redact.stream;

import org.jspecify.annotations.NullMarked;
