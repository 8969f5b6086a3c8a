/// Access tokens: their claims, the signed key directory they are verified against, and verification itself;
/// and the proofs of possession (DPoP, RFC 9449) that tokens are bound to.
///
/// Guarantee: what [dev.postern.token.AccessTokenVerifier] returns was signed by a key the key directory lists now,
/// for this issuer and this audience, and has not expired.
/// Non-guarantee: a token bound to a key (`cnf`) is only worth something with a proof by that key;
/// use [dev.postern.token.AccessTokenVerifier#verifyBearer] where no proof is looked at.
@NullMarked
package dev.postern.token;

import org.jspecify.annotations.NullMarked;
