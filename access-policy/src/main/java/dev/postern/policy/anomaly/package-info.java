/// How unusual a client behaves, and what is done about it once per incident. Pure: time is an argument.
///
/// Four kinds, each a score from 0 to 1: use against the client's own baseline, a region it was not seen in, frames
/// that do not authenticate, gaps and repeats in sequences. Together: `1 - (1-a)(1-b)(1-c)(1-d)`, so several small
/// signs make a large one and none hides another.
/// Non-guarantee: this is a replica's view of what came through it; nothing is shared between replicas but what is
/// contained.
@NullMarked
package dev.postern.policy.anomaly;

import org.jspecify.annotations.NullMarked;
