/// Envelope encryption of what is stored: data keys that key management wraps, records that know their place, blind
/// indexes for look-ups.
@NullMarked
package dev.postern.kms.envelope;

import org.jspecify.annotations.NullMarked;
