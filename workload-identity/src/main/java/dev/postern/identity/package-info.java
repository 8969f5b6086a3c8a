/// A service's own mTLS identity: the key is born here, the certificate comes from the platform's authority, and
/// both are exchanged live before they run out.
///
/// Guarantees: a private key never leaves the process; key and certificate are always swapped together; a handshake
/// that began before a swap ends with the pair it began with; TLS 1.3 only.
///
/// Failure directions: *authority away* - the current certificate stays in use until it expires, renewal is tried
/// again with back-off (degraded); *certificate expired* - this side offers no certificate any more and every
/// handshake fails (closed); *answer that does not fit* (other key, other name, other authority) - refused, the
/// current certificate stays (closed).
///
/// Not guaranteed: connections that are already open live on after a swap. Whoever pools connections must bound
/// their age below the certificate's lifetime.
@NullMarked
package dev.postern.identity;

import org.jspecify.annotations.NullMarked;
