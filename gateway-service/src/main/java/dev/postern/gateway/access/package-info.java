/// Who may do what: bearer tokens and their scopes, default deny.
@NullMarked
package dev.postern.gateway.access;

import org.jspecify.annotations.NullMarked;
