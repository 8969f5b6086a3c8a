/// Plain requests to the gateway, where the official client would hide what a check wants to see.
@NullMarked
package dev.postern.cli.edge;

import org.jspecify.annotations.NullMarked;
