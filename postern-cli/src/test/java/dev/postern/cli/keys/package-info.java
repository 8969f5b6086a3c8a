@NullMarked
package dev.postern.cli.keys;

import org.jspecify.annotations.NullMarked;
