@NullMarked
package dev.postern.redacting.rest;

import org.jspecify.annotations.NullMarked;
