/// The names of people, by lists, shapes and introductions.
@NullMarked
package dev.postern.redact.name;

import org.jspecify.annotations.NullMarked;
