/// The platform CA of the local profile: its wrapped key, one-time join tokens, and the issue of certificates.
@NullMarked
package dev.postern.rotation.authority;

import org.jspecify.annotations.NullMarked;
