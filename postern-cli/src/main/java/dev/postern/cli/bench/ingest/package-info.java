/// What the audit log takes in, and what an event costs its producer.
@NullMarked
package dev.postern.cli.bench.ingest;

import org.jspecify.annotations.NullMarked;
