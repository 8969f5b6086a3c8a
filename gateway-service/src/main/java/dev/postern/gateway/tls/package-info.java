/// The edge's TLS: any client certificate is taken, because only its thumbprint is ever used.
@NullMarked
package dev.postern.gateway.tls;

import org.jspecify.annotations.NullMarked;
