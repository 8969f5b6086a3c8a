@NullMarked
package dev.postern.redact.name;

import org.jspecify.annotations.NullMarked;
