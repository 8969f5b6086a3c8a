/// The operator's own identity: joined like any service, used towards management ports and the relay.
@NullMarked
package dev.postern.cli.operator;

import org.jspecify.annotations.NullMarked;
