package dev.postern.session;

import java.time.Duration;

/// A client's session with what came along.
///
/// @param session ready to use
/// @param nextChallenge for the next OPEN at this relay, within about a minute
/// @param clockOffset the relay's time minus ours: start later handshakes with `Clock.offset(clock, clockOffset)`,
/// whose proofs then say the relay's time
public record Established(SealedSession session, String nextChallenge, Duration clockOffset) {}
