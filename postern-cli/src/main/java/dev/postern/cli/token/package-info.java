/// Gets access tokens as an external client does.
@NullMarked
package dev.postern.cli.token;

import org.jspecify.annotations.NullMarked;
