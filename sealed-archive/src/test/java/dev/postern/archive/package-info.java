@NullMarked
package dev.postern.archive;

import org.jspecify.annotations.NullMarked;
