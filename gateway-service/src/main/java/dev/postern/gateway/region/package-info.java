/// Where addresses lie: by a map of the operator's own, by a MaxMind database, or nowhere that is known.
@NullMarked
package dev.postern.gateway.region;

import org.jspecify.annotations.NullMarked;
