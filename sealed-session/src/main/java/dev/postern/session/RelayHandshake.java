package dev.postern.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;

/// A relay's half of the handshake, in the protocol's order: the cheapest check first, the decapsulation only for
/// admitted offers. Each step returns a value that the next step needs, so none can be left out. Safe for many
/// threads; each offer belongs to one.
public final class RelayHandshake {
    private static final int MAX_OPEN = 32 * 1024;

    private final RelayKeyRing keys;
    private final Challenges challenges;
    private final Clock clock;
    private final SecureRandom random;

    public RelayHandshake(RelayKeyRing keys, Challenges challenges, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.challenges = challenges;
        this.clock = clock;
        this.random = random;
    }

    /// Checks form, suite, key and challenge: some hashes, no asymmetric work.
    ///
    /// @throws HandshakeRefused with `too-large`, `key-config`, `challenge`, or `open-rejected` for what is no OPEN
    /// at all
    public UnopenedOffer parse(ByteBuffer open) throws HandshakeRefused {
        if (open.remaining() > MAX_OPEN) {
            throw new HandshakeRefused(Refusal.TOO_LARGE);
        }
        if (open.remaining() < Transcript.OPEN_HEADER_LENGTH || !Transcript.begins(open, Transcript.TYPE_OPEN)) {
            throw new HandshakeRefused(Refusal.OPEN_REJECTED);
        }
        byte[] header = new byte[Transcript.OPEN_HEADER_LENGTH];
        open.get(open.position(), header);
        ByteBuffer fields = ByteBuffer.wrap(header).position(6);
        Suite suite = Suite.of(unsigned(fields), unsigned(fields), unsigned(fields))
                .orElseThrow(() -> new HandshakeRefused(Refusal.KEY_CONFIG));
        RelayKey key = keys.find(KeyId.read(fields))
                .filter(found -> found.suite() == suite)
                .orElseThrow(() -> new HandshakeRefused(Refusal.KEY_CONFIG));
        byte[] challenge = new byte[Challenges.LENGTH];
        fields.get(challenge);
        if (!challenges.accepts(challenge)) {
            throw new HandshakeRefused(Refusal.CHALLENGE);
        }
        int sealed = open.remaining() - header.length - suite.encapsulationLength();
        if (sealed <= FrameHeader.TAG_LENGTH) {
            throw new HandshakeRefused(Refusal.OPEN_REJECTED);
        }
        byte[] enc1 = new byte[suite.encapsulationLength()];
        open.get(open.position() + header.length, enc1);
        byte[] ct1 = new byte[sealed];
        open.get(open.position() + header.length + enc1.length, ct1);
        return new UnopenedOffer(this, key, header, enc1, ct1);
    }

    /// The same for an array.
    public UnopenedOffer parse(byte[] open) throws HandshakeRefused {
        return parse(ByteBuffer.wrap(open));
    }

    private static int unsigned(ByteBuffer fields) {
        return Short.toUnsignedInt(fields.getShort());
    }

    Challenges challenges() {
        return challenges;
    }

    Clock clock() {
        return clock;
    }

    SecureRandom random() {
        return random;
    }
}
