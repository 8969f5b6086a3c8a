/// Starts, watches and stops the platform's processes.
@NullMarked
package dev.postern.cli.platform;

import org.jspecify.annotations.NullMarked;
