/// Foreign issuers whose tokens may be exchanged for own ones.
@NullMarked
package dev.postern.sts.issuer;

import org.jspecify.annotations.NullMarked;
