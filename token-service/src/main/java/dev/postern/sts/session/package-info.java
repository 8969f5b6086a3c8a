/// The live sessions of the platform, as gateways and relays report them.
@NullMarked
package dev.postern.sts.session;

import org.jspecify.annotations.NullMarked;
