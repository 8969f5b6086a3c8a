/// A durable queue in files: numbered entries, one fsync for many of them, kept until acknowledged.
@NullMarked
package dev.postern.audit.spool;

import org.jspecify.annotations.NullMarked;
