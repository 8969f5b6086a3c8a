@NullMarked
package dev.postern.vault;

import org.jspecify.annotations.NullMarked;
