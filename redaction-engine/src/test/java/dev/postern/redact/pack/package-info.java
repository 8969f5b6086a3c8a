@NullMarked
package dev.postern.redact.pack;

import org.jspecify.annotations.NullMarked;
