/// What a tenant wants done with what is found.
@NullMarked
package dev.postern.redact.policy;

import org.jspecify.annotations.NullMarked;
