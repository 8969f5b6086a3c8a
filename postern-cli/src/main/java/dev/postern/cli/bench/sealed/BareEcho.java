package dev.postern.cli.bench.sealed;

import java.util.List;

/// Octets that come back as they are.
final class BareEcho implements Talk {
    private final byte[] message;

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
    public List<byte[]> ask() {
        return List.of(message);
    }

    @Override
    public Heard hear(byte[] answer) {
        return answer.length == message.length ? Heard.LAST : Heard.FAILED;
    }
}
