package dev.postern.identity;

import java.math.BigInteger;
import java.time.Instant;

/// The latest certificate that a peer has shown.
///
/// @param issued when its life began
/// @param first when it was seen first
public record PeerSighting(BigInteger serial, Instant issued, Instant first) {}
