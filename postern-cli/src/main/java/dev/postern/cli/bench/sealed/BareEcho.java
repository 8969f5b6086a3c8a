package dev.postern.cli.bench.sealed;

import java.util.List;

/// Octets that come back as they are, in their order.
final class BareEcho implements Talk {
    private final byte[] message;
    private int asked;
    private int heard;

    BareEcho(byte[] message) {
        this.message = message.clone();
    }

    @Override
    public byte[] greeting() {
        return new byte[0];
    }

    @Override
    public void greeted(byte[] answer) {}

    @Override
    public Question ask() {
        return new Question(asked++, List.of(message));
    }

    @Override
    public Heard hear(byte[] answer) {
        int question = heard++;
        return answer.length == message.length ? new Heard.Last(question) : new Heard.Bad(question);
    }
}
