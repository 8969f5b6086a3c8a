@NullMarked
package dev.postern.redact.scan;

import org.jspecify.annotations.NullMarked;
