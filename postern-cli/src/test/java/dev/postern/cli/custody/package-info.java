@NullMarked
package dev.postern.cli.custody;

import org.jspecify.annotations.NullMarked;
