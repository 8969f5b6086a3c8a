/// Opens captured bodies with two custodians, and is a custodian's side of that.
@NullMarked
package dev.postern.cli.custody;

import org.jspecify.annotations.NullMarked;
