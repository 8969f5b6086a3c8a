/// The other services of the platform, by the certificates they connect with.
@NullMarked
package dev.postern.sts.peer;

import org.jspecify.annotations.NullMarked;
