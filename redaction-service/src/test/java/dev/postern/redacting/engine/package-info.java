@NullMarked
package dev.postern.redacting.engine;

import org.jspecify.annotations.NullMarked;
