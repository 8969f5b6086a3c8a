/// The engine's door: finds sensitive values in one decoded text.
@NullMarked
package dev.postern.redact.detection;

import org.jspecify.annotations.NullMarked;
