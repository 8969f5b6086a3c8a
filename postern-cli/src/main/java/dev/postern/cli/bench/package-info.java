/// Measures a running platform. Figures are for comparing, on one machine, in one run.
@NullMarked
package dev.postern.cli.bench;

import org.jspecify.annotations.NullMarked;
