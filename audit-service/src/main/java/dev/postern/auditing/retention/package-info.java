/// What is deleted when it is old enough, and what is held.
@NullMarked
package dev.postern.auditing.retention;

import org.jspecify.annotations.NullMarked;
