@NullMarked
package dev.postern.redacting.detection;

import org.jspecify.annotations.NullMarked;
