/// Takes events from producers.
@NullMarked
package dev.postern.auditing.ingest;

import org.jspecify.annotations.NullMarked;
