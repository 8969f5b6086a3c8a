/// What replicas of the relay must agree on, kept in Redis.
@NullMarked
package dev.postern.relay.store;

import org.jspecify.annotations.NullMarked;
