/// Validators: what makes a match a value of its kind, by the issuers' own definitions.
@NullMarked
package dev.postern.redact.check;

import org.jspecify.annotations.NullMarked;
