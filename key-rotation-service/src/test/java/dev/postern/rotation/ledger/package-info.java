@NullMarked
package dev.postern.rotation.ledger;

import org.jspecify.annotations.NullMarked;
