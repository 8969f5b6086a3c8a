@NullMarked
package dev.postern.relay.redaction;

import org.jspecify.annotations.NullMarked;
