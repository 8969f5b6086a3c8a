/// Redis as the services use it: one connection that comes back by itself, commands that fail at once while it is
/// away, and names that can be claimed once.
///
/// Nothing that decrypts anything is ever stored here but under keys that are not here, and nothing personal.
@NullMarked
package dev.postern.redis;

import org.jspecify.annotations.NullMarked;
