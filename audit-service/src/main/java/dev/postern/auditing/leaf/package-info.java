/// What a leaf of the audit log is made of.
@NullMarked
package dev.postern.auditing.leaf;

import org.jspecify.annotations.NullMarked;
