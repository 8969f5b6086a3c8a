@NullMarked
package dev.postern.redacting.json;

import org.jspecify.annotations.NullMarked;
