/// TLS for servers and clients on Netty, under the live identity.
@NullMarked
package dev.postern.chassis.tls;

import org.jspecify.annotations.NullMarked;
