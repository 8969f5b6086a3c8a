/// Who is at the other end of the TLS connection.
@NullMarked
package dev.postern.chassis.peer;

import org.jspecify.annotations.NullMarked;
