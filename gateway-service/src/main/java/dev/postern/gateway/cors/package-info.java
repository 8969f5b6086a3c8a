/// Which pages of other origins may call from a browser: none, unless configured.
@NullMarked
package dev.postern.gateway.cors;

import org.jspecify.annotations.NullMarked;
