/// SSP1, the sealed session between a client and one inference-relay replica: key configuration, handshake, key
/// schedule, frames, epochs and replay window. Bytes in, bytes out: no sockets, no threads; time and randomness are
/// constructor arguments.
///
/// **Guarantee.** Hops between the two ends can neither read, forge, replay, reorder, truncate unnoticed nor splice
/// frames.
/// **No guarantee.** Traffic shape beyond padding buckets, availability, and anything an end does with the
/// plaintext.
///
/// # Client
/// 1. `KeyConfigVerifier.verify(jws)` gives a [KeyConfig] (signed by the relay, chained to an anchor), next to a
///    fresh challenge.
/// 2. `ClientHandshake.start(new ClientOffer(config, suites, challenge, parameters, proofKey), clock, random)`;
///    send `message()` as the first binary message.
/// 3. `accept(firstAnswer)` gives [Established]: the [SealedSession] and what the relay granted (among it the next
///    challenge).
/// 4. Per request: `int stream = session.openStream()`, send each frame of `session.seal(stream, json, JSON,
///    Chunk.LAST)`.
/// 5. Per binary message: switch over `session.receive(buffer)`; feed `Received.Delivered` to a [MessageAssembler]
///    of that stream.
/// 6. At the end `session.sealClose("done")`. A connection that ends before means `session.unfinishedStreams()`
///    were truncated.
///
/// # Relay
/// 1. One [RelayKeyRing] (rotate it by `rotateIfDue()` from a timer), one [Challenges]; answer `GET
///    /ssp1/key-config` with `signer.sign(ring.current())` and `challenges.issue()`.
/// 2. `RelayHandshake.parse(firstMessage)` (cheap) gives an [UnopenedOffer]; the caller then limits rates and does
///    `SET NX open:<offer.replayKey()>` for 180 s.
/// 3. `offer.open()` decapsulates and gives an [OpenedOffer]. Verify `token()` *and* `proof()` against
///    `expectedProof()` before deciding, so that a refusal takes the same work whatever its cause; refuse with
///    `Refusal.OPEN_REJECTED`.
/// 4. `opened.accept(terms)` gives [Accepted]: send `message()`, keep `session()`.
/// 5. Per binary message: `session.receive(buffer)`; count `Received.Dropped` by its reason and answer nothing.
/// 6. Answer with `session.seal(stream, …)`, refuse with `session.sealError(stream, problem)`. Every second or so:
///    `session.due()` gives frames to send (a key update), `session.lifetime()` says whether to end it.
///
/// A [SealedSession], [ClientHandshake], [UnopenedOffer], [OpenedOffer] and [MessageAssembler] belong to one thread
/// (an event loop); everything else is immutable or says that it is safe for many.
@NullMarked
package dev.postern.session;

import org.jspecify.annotations.NullMarked;
