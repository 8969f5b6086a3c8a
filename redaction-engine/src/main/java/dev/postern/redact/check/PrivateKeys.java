package dev.postern.redact.check;

import java.util.List;

/// RFC 7468 private keys: from the opening line through the closing one. Without a closing line everything to the end
/// of the text is taken: half a key is a secret, too.
final class PrivateKeys implements OpenEndedCheck {
    @Override
    public List<String> closing() {
        return List.of("-----END", "-----");
    }
}
