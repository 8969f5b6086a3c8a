/// Opens captured bodies for whoever asked, when two custodians agreed: asked, decided and opened are on record before
/// they count. This service holds neither a share nor a body in the clear, at no time.
@NullMarked
package dev.postern.auditing.archive;

import org.jspecify.annotations.NullMarked;
