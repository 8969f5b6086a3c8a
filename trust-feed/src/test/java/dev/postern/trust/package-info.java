@NullMarked
package dev.postern.trust;

import org.jspecify.annotations.NullMarked;
