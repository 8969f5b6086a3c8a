@NullMarked
package dev.postern.cli.proof;

import org.jspecify.annotations.NullMarked;
