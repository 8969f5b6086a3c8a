/// Listening inside TLS: what somebody hears who holds the keys of a hop.
@NullMarked
package dev.postern.cli.recorder;

import org.jspecify.annotations.NullMarked;
