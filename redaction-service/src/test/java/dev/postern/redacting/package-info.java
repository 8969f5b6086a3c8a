@NullMarked
package dev.postern.redacting;

import org.jspecify.annotations.NullMarked;
