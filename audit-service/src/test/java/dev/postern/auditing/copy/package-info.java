@NullMarked
package dev.postern.auditing.copy;

import org.jspecify.annotations.NullMarked;
