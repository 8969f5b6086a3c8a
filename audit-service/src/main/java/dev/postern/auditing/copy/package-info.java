/// The second store: everything that is published, once more in a bucket that nobody can empty before its time.
@NullMarked
package dev.postern.auditing.copy;

import org.jspecify.annotations.NullMarked;
