/// The trust feed's publishing side: what is in force according to the database, signed and told to everybody, and this
/// service's own view of it.
@NullMarked
package dev.postern.sts.trust;

import org.jspecify.annotations.NullMarked;
