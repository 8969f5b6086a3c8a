@NullMarked
package dev.postern.cli.terminal;

import org.jspecify.annotations.NullMarked;
