package dev.postern.rotation.authority;

/// The platform CA cannot be opened. The message is one sentence for an operator.
public final class AuthorityUnusable extends RuntimeException {
    AuthorityUnusable(String sentence) {
        super(sentence);
    }

    AuthorityUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
