/// The trust feed, for every service that verifies tokens: what was taken back is refused at once, and nothing is
/// trusted while the feed is silent.
@NullMarked
package dev.postern.chassis.trust;

import org.jspecify.annotations.NullMarked;
