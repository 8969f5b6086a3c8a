@NullMarked
package dev.postern.identity;

import org.jspecify.annotations.NullMarked;
