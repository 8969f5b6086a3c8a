/// Names of people, places and organisations, by a classifier that is trained in this repository.
@NullMarked
package dev.postern.redact.name;

import org.jspecify.annotations.NullMarked;
