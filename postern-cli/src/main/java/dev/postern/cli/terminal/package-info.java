/// How the command line talks to people and to programs.
@NullMarked
package dev.postern.cli.terminal;

import org.jspecify.annotations.NullMarked;
