/// Who may do what: access tokens, what they are bound to, and their scopes. Default deny.
@NullMarked
package dev.postern.gateway.access;

import org.jspecify.annotations.NullMarked;
