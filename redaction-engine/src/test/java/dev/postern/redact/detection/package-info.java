@NullMarked
package dev.postern.redact.detection;

import org.jspecify.annotations.NullMarked;
