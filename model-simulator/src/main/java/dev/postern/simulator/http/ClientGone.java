package dev.postern.simulator.http;

import java.io.IOException;

/// The other side closed its connection before the answer was complete.
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    ClientGone() {
        super("the client went away");
    }
}
