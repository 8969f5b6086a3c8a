/// A small HTTP/1.1 server on virtual threads, bound to loopback; it knows nothing about models.
@NullMarked
package dev.postern.simulator.http;

import org.jspecify.annotations.NullMarked;
