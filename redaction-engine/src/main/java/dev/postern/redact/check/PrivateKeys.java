package dev.postern.redact.check;

import java.util.List;

/// Private keys in lines, such as those of RFC 7468: from the opening line through the closing one. Without a closing
/// line everything to the end of the text is taken: half a key is a secret, too.
final class PrivateKeys implements OpenEndedCheck {
    private final List<String> closing;

    PrivateKeys(String... closing) {
        this.closing = List.of(closing);
    }

    @Override
    public List<String> closing() {
        return closing;
    }
}
