/// The tenants' policies: kept sealed, changed one version after the other, in force at every replica within a second.
@NullMarked
package dev.postern.redacting.policy;

import org.jspecify.annotations.NullMarked;
