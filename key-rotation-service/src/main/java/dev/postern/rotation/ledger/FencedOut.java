package dev.postern.rotation.ledger;

import java.io.IOException;

/// A newer leader has written the ledger: this process's write was refused.
final class FencedOut extends IOException {
    FencedOut() {
        super("a newer leader has written the ledger");
    }
}
