/// The redaction service: the engine behind gRPC for the relay and REST for people and tools.
@NullMarked
package dev.postern.redacting;

import org.jspecify.annotations.NullMarked;
