/// Measures the checker of the audit log; needs no platform.
@NullMarked
package dev.postern.cli.bench.audit;

import org.jspecify.annotations.NullMarked;
