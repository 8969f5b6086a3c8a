/// The versions of the policy set: stored, compiled, published, and asked when tokens are issued.
@NullMarked
package dev.postern.sts.policy;

import org.jspecify.annotations.NullMarked;
