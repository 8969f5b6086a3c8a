/// The command line: one class per command. Results go to standard output, progress and complaints to standard error.
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
