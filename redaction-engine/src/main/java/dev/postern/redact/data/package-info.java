/// Data files beside the classes.
@NullMarked
package dev.postern.redact.data;

import org.jspecify.annotations.NullMarked;
