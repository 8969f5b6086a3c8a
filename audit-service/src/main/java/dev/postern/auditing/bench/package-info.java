/// Measures the index and its queries, without a platform.
@NullMarked
package dev.postern.auditing.bench;

import org.jspecify.annotations.NullMarked;
