/// The service: its configuration and how its parts are put together.
@NullMarked
package dev.postern.relay;

import org.jspecify.annotations.NullMarked;
