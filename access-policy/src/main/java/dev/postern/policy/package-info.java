/// Access policy: roles, rules in CEL, limits, prices and containment; compiled when published, decided locally.
///
/// Guarantee: the same policy and the same facts give the same decision, whichever service decides; a deny wins over
/// any allow, and what nothing allows is denied. A deciding call neither blocks nor throws, and its work is bounded
/// when the policy is compiled.
/// Non-guarantee: facts are as true as whoever states them; nothing here authenticates.
@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
