@NullMarked
package dev.postern.relay.request;

import org.jspecify.annotations.NullMarked;
