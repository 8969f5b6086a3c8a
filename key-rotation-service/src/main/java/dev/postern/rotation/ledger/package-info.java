/// The one record of all keys: decided by the lifecycle, audited, put on disk, and only then published.
@NullMarked
package dev.postern.rotation.ledger;

import org.jspecify.annotations.NullMarked;
