package dev.postern.auditing.s3;

import java.io.IOException;

/// The bucket holds something else than was published: no trouble of the moment, but evidence.
public final class AlteredCopy extends IOException {
    private static final long serialVersionUID = 1;

    public AlteredCopy(String sentence) {
        super(sentence);
    }
}
