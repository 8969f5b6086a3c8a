/// The trust feed: what was taken back, which policy is in force, and how keys stand, from the one service that decides
/// to every service that verifies.
///
/// A feed is a sequence of signed messages without gaps, over Redis Streams, with a tick every 200 ms. Its truth is the
/// publisher's own store ([dev.postern.trust.TrustSource]); Redis only carries it. When Redis is away, followers read
/// the publisher's signed snapshot over HTTPS.
///
/// Guarantee: a [dev.postern.trust.TrustFollower] that says a token is trusted has heard, within the stated silence,
/// from somebody who holds the publisher's identity that nothing else was published up to then. Otherwise it says
/// `UNKNOWN`. Non-guarantee: what the publisher decided a moment ago; and whoever can delay Redis' answers can delay a
/// revocation by the allowed difference of clocks and the silence together.
@NullMarked
package dev.postern.trust;

import org.jspecify.annotations.NullMarked;
