@NullMarked
package dev.postern.cli.bench.redaction;

import org.jspecify.annotations.NullMarked;
