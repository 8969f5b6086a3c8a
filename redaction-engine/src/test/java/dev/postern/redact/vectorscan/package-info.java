@NullMarked
package dev.postern.redact.vectorscan;

import org.jspecify.annotations.NullMarked;
