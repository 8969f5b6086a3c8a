/// What a platform keeps under `.postern/`, and its first secrets.
@NullMarked
package dev.postern.cli.home;

import org.jspecify.annotations.NullMarked;
