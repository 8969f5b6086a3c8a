/// The relay's HPKE keys as keys of the platform: registered, turned over and taken back by the key directory.
@NullMarked
package dev.postern.relay.keys;

import org.jspecify.annotations.NullMarked;
