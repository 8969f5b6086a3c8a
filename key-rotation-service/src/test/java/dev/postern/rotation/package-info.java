@NullMarked
package dev.postern.rotation;

import org.jspecify.annotations.NullMarked;
