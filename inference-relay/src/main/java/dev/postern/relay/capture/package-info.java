/// Captures prompts and answers of tenants that want it, sealed at once to custodians: this relay cannot read them
/// again.
@NullMarked
package dev.postern.relay.capture;

import org.jspecify.annotations.NullMarked;
