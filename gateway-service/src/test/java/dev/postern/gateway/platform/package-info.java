/// The rest of the platform as the gateway's tests need it: real TLS, real tokens, real sealed sessions.
@NullMarked
package dev.postern.gateway.platform;

import org.jspecify.annotations.NullMarked;
