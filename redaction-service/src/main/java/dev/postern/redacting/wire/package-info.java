/// gRPC for the inference relay: many exchanges over one long-lived mTLS stream.
@NullMarked
package dev.postern.redacting.wire;

import org.jspecify.annotations.NullMarked;
