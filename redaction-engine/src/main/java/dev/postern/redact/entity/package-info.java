/// What can be found, what others call it, and where it was found.
@NullMarked
package dev.postern.redact.entity;

import org.jspecify.annotations.NullMarked;
