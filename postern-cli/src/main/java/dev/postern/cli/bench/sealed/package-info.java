/// Messages through the sealed path beside a bare echo: what sealing, the gateway and the relay cost.
@NullMarked
package dev.postern.cli.bench.sealed;

import org.jspecify.annotations.NullMarked;
