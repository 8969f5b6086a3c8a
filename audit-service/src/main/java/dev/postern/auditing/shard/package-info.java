/// One weekly log: write-ahead log, tree, publication.
@NullMarked
package dev.postern.auditing.shard;

import org.jspecify.annotations.NullMarked;
