@NullMarked
package dev.postern.redact.check;

import org.jspecify.annotations.NullMarked;
