/// Opens captured bodies with two custodians, and is a custodian's side of that.
///
/// Who asks has an [OpeningRun]: it asks, waits and opens. A custodian makes a [CustodianDecision] on a [ShownOpening],
/// which is what the service shows once its digest was checked, and compares it with what they were [Told]. What is
/// signed, here as at the service, are the statements of `dev.postern.archive`: an `OpeningRequest`'s digest, in an
/// `OpeningDecision`.
@NullMarked
package dev.postern.cli.custody;

import org.jspecify.annotations.NullMarked;
