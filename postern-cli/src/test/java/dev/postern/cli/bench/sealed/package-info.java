@NullMarked
package dev.postern.cli.bench.sealed;

import org.jspecify.annotations.NullMarked;
