/// Access tokens: their claims, the signed key directory they are verified against, and verification itself;
/// and the proofs of possession (DPoP, RFC 9449) that tokens are bound to.
///
/// Guarantee: what [dev.postern.token.AccessTokenVerifier] returns was signed by a key the key directory lists now,
/// for this issuer, this audience and a use that is taken here, has not expired and was not taken back.
/// Non-guarantee: a token bound to a key (`cnf`) is only worth something with a proof by that key;
/// use [dev.postern.token.AccessTokenVerifier#verify(String, Presentation)], which demands it.
@NullMarked
package dev.postern.token;

import org.jspecify.annotations.NullMarked;
