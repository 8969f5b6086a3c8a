/// The keys of the platform as an operator handles them.
@NullMarked
package dev.postern.cli.keys;

import org.jspecify.annotations.NullMarked;
