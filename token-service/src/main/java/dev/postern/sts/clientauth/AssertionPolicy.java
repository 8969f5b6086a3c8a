package dev.postern.sts.clientauth;

import java.time.Duration;

/// What an assertion must satisfy besides being signed.
///
/// @param audience the only `aud` accepted: the issuer, not an endpoint's address (an assertion made for one server
///     must be worthless at another)
/// @param longest time from now to `exp`
/// @param skew how far the client's clock may be off
record AssertionPolicy(String audience, Duration longest, Duration skew) {}
