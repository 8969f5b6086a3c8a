/// A transparency log that anyone can check: the offline verifier. The log itself is in `store`.
@NullMarked
package dev.postern.tlog;

import org.jspecify.annotations.NullMarked;
