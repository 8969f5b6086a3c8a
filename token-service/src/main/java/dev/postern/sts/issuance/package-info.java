/// The token endpoint: from an authenticated request to a signed, audited token, or a refusal.
@NullMarked
package dev.postern.sts.issuance;

import org.jspecify.annotations.NullMarked;
