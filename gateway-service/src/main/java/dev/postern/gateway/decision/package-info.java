/// Whether a request may be served, by everything that is known of it at this moment: the policy in force, what its
/// token is narrowed to, and how often a counted token was used.
@NullMarked
package dev.postern.gateway.decision;

import org.jspecify.annotations.NullMarked;
