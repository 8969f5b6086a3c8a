/// Access tokens: the key directory, the verifier, and the check of a servlet request.
@NullMarked
package dev.postern.chassis.bearer;

import org.jspecify.annotations.NullMarked;
