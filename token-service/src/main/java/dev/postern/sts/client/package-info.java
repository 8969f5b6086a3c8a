/// The registered clients: how each proves itself, and what it may ask for.
@NullMarked
package dev.postern.sts.client;

import org.jspecify.annotations.NullMarked;
