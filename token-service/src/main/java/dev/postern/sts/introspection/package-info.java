/// Whether a token is active, for those who cannot tell by themselves (RFC 7662, RFC 9701).
@NullMarked
package dev.postern.sts.introspection;

import org.jspecify.annotations.NullMarked;
