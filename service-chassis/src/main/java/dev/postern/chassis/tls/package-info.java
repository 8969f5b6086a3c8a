/// TLS for servers and clients on Netty and in Tomcat, under the live identity.
@NullMarked
package dev.postern.chassis.tls;

import org.jspecify.annotations.NullMarked;
