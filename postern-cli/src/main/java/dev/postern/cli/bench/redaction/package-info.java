/// Redaction over gRPC and REST beside the bare engine: what a text and a piece of an answer cost.
@NullMarked
package dev.postern.cli.bench.redaction;

import org.jspecify.annotations.NullMarked;
