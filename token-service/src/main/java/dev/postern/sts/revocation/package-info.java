/// Trust that was taken back: kept in the database until no token that it could concern is in time any more, published
/// on the trust feed, and asked for by clients about their own tokens (RFC 7009).
@NullMarked
package dev.postern.sts.revocation;

import org.jspecify.annotations.NullMarked;
