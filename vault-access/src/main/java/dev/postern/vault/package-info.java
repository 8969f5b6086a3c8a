/// Key management, certificates and wrapped sets at a Vault or OpenBao, through Spring Vault; and the one place where
/// a service's configuration chooses between that and the local keyset file.
///
/// Failure directions: a start without the key management fails with one sentence. While it runs, a service goes on
/// with the keys that it holds, says so (health contributor `kms`, `postern.kms.*`), and what needs the server fails
/// with a [dev.postern.kms.KeyManagementException] whose reason tells sealed, slow, gone and refused apart; nothing
/// falls back to anything. When the server is back, so is the service, without a restart.
///
/// Nothing here belongs on the path of a request.
@NullMarked
package dev.postern.vault;

import org.jspecify.annotations.NullMarked;
