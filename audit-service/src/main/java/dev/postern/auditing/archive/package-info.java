/// Opens captured bodies for whoever asked, when two custodians agreed: asked, decided and opened are on record before
/// they count. This service holds neither a share nor a body in the clear, at no time.
///
/// [Openings] keeps each request as an [Opening], with its decisions; [OpeningDocuments] are both over the wire. What
/// custodians sign are the statements of `dev.postern.archive`: an `OpeningRequest`'s digest, in an `OpeningDecision`.
@NullMarked
package dev.postern.auditing.archive;

import org.jspecify.annotations.NullMarked;
