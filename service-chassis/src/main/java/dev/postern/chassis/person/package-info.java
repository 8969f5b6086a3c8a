/// Who is behind a request.
@NullMarked
package dev.postern.chassis.person;

import org.jspecify.annotations.NullMarked;
