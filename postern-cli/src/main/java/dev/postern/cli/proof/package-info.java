/// `postern proof`: evidence for what the documentation says of stored data.
@NullMarked
package dev.postern.cli.proof;

import org.jspecify.annotations.NullMarked;
