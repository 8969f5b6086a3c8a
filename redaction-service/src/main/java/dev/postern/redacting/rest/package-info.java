/// REST for people and tools: analyse, redact and restore single texts.
@NullMarked
package dev.postern.redacting.rest;

import org.jspecify.annotations.NullMarked;
