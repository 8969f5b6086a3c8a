/// What the permanent root log of the audit log says of its shards and keys.
@NullMarked
package dev.postern.audit.root;

import org.jspecify.annotations.NullMarked;
