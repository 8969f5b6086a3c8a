@NullMarked
package dev.postern.auditing.archive;

import org.jspecify.annotations.NullMarked;
