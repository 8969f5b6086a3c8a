package dev.postern.session;

/// The relay refuses an OPEN. Carries nothing but the refusal's name, so that nothing else can reach the wire.
public final class HandshakeRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    public HandshakeRefused(Refusal refusal) {
        super(refusal.code());
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
