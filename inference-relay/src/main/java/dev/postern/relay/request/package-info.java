/// Requests as they arrive inside sealed streams, parsed once into values that cannot be invalid.
@NullMarked
package dev.postern.relay.request;

import org.jspecify.annotations.NullMarked;
