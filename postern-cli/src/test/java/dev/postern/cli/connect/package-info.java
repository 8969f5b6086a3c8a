@NullMarked
package dev.postern.cli.connect;

import org.jspecify.annotations.NullMarked;
