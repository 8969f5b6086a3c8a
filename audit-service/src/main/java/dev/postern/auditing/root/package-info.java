/// The permanent root log: what became of shards, keys and holds.
@NullMarked
package dev.postern.auditing.root;

import org.jspecify.annotations.NullMarked;
