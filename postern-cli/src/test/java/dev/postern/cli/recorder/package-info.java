@NullMarked
package dev.postern.cli.recorder;

import org.jspecify.annotations.NullMarked;
