/// Failures on the wire: RFC 9457 problem documents, built here and nowhere else.
@NullMarked
package dev.postern.chassis.problem;

import org.jspecify.annotations.NullMarked;
