/// What only two persons together can read: bodies that whoever stores them cannot open.
///
/// A body is sealed under a key of its own. The key is split so that any two shares give it back and one says nothing,
/// and each share is sealed to one custodian, a person of the security team whose private key is on no machine of the
/// platform ([SealedBody], [Custodian]). To open a body, two custodians unseal their shares of *that* body and seal
/// them anew to whoever asked, and each signs what exactly was asked ([OpeningDecision]).
@NullMarked
package dev.postern.archive;

import org.jspecify.annotations.NullMarked;
