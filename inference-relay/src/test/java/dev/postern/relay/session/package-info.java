@NullMarked
package dev.postern.relay.session;

import org.jspecify.annotations.NullMarked;
