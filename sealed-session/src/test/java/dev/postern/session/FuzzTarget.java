package dev.postern.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.MutableClock;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every parser that takes octets from outside: what it may answer to any of them, and what must hold of what it
/// accepts. Whatever else it throws is a finding. New ones go to the end: the corpus names them by their place.
enum FuzzTarget {
    FRAME_HEADER {
        @Override
        boolean take(byte[] input) {
            if (FrameHeader.parse(ByteBuffer.wrap(input)) instanceof FrameHeader.Valid(FrameHeader header)) {
                assertThat(header.length()).isEqualTo(input.length - FrameHeader.LENGTH);
                ByteBuffer again = ByteBuffer.allocate(FrameHeader.LENGTH);
                header.write(again);
                assertThat(again.array()).isEqualTo(Arrays.copyOf(input, FrameHeader.LENGTH));
                return true;
            }
            return false;
        }
    },
    INNER_PLAINTEXT {
        @Override
        boolean take(byte[] input) {
            byte[] plaintext = input.clone();
            InnerPlaintext inner = InnerPlaintext.parse(ByteBuffer.wrap(plaintext));
            if (inner != null) {
                byte[] again = Arrays.copyOf(inner.content(), input.length);
                again[inner.content().length] = inner.type().code();
                assertThat(again).isEqualTo(input);
                assertThat(plaintext).containsOnly(0);
            }
            return inner != null;
        }
    },
    /// Any octets at a relay's end of a session. Those of a genuine client are in the corpus: the keys are fixed.
    RELAY_RECEIVES {
        @Override
        boolean take(byte[] input) {
            return onceOnly(Peer.end(Role.RELAY), input);
        }
    },
    CLIENT_RECEIVES {
        @Override
        boolean take(byte[] input) {
            SealedSession client = Peer.end(Role.CLIENT);
            client.openStream();
            return onceOnly(client, input);
        }
    },
    /// A peer that holds the keys and says anything: the first 44 octets are its header, corrected in what was always
    /// checked before; the rest its plaintext.
    SEALED_BY_THE_RELAY {
        @Override
        boolean take(byte[] input) {
            SealedSession client = Peer.end(Role.CLIENT);
            client.openStream();
            return onceOnly(client, Peer.sealed(Role.RELAY, input));
        }
    },
    SEALED_BY_THE_CLIENT {
        @Override
        boolean take(byte[] input) {
            return onceOnly(Peer.end(Role.RELAY), Peer.sealed(Role.CLIENT, input));
        }
    },
    OPEN {
        @Override
        boolean take(byte[] input) {
            return refusedOr(HandshakeRefused.class, () -> accepted(input));
        }
    },
    /// What is in an OPEN that decapsulates.
    OPEN_BODY {
        @Override
        boolean take(byte[] input) {
            return refusedOr(
                    HandshakeRefused.class,
                    () -> accepted(FuzzHandshakes.offering(input).message()));
        }
    },
    OPEN_PARAMETERS {
        @Override
        boolean take(byte[] input) {
            return refusedOr(MalformedContent.class, () -> {
                OpenParameters parameters = OpenParameters.parse(input);
                assertThat(OpenParameters.parse(parameters.toJson(TestPeers.RANDOM)))
                        .isEqualTo(parameters);
            });
        }
    },
    ACCEPT {
        @Override
        boolean take(byte[] input) {
            return refusedOr(HandshakeFailed.class, () -> {
                Established established =
                        FuzzHandshakes.offering(FuzzHandshakes.body()).accept(input);
                assertThat(established.nextChallenge()).isNotBlank();
                established.session().close();
            });
        }
    },
    ACCEPT_BODY {
        @Override
        boolean take(byte[] input) {
            return refusedOr(MalformedContent.class, () -> {
                AcceptBody body = AcceptBody.parse(input);
                assertThat(AcceptBody.parse(body.toJson())).isEqualTo(body);
            });
        }
    },
    KEY_CONFIG {
        @Override
        boolean take(byte[] input) {
            return refusedOr(MalformedContent.class, () -> {
                KeyConfig config = KeyConfig.parse(input);
                Optional<RelayPublicKey> chosen = config.choose(List.of(Suite.values()));
                assertThat(chosen.isPresent()).isEqualTo(!config.keys().isEmpty());
                assertThat(config.expires()).isNotNull();
            });
        }
    },
    /// A whole configuration as a gateway hands it on. The anchor of those in the corpus is kept beside it.
    KEY_CONFIG_JWS {
        @Override
        boolean take(byte[] input) {
            KeyConfigVerifier verifier = new KeyConfigVerifier(
                    Set.of(FuzzHandshakes.keptAnchor()), TestPeers.RELAY, TestPeers.AUDIENCE, MutableClock.atNoon());
            return refusedOr(KeyConfigRejected.class, () -> {
                KeyConfig config = verifier.verify(new String(input, ISO_8859_1));
                assertThat(config.audience()).isEqualTo(TestPeers.AUDIENCE);
            });
        }
    },
    CLOSE_SUMMARY {
        @Override
        boolean take(byte[] input) {
            return refusedOr(MalformedContent.class, () -> {
                CloseSummary summary = CloseSummary.parse(input);
                assertThat(CloseSummary.parse(summary.toJson())).isEqualTo(summary);
            });
        }
    },
    STREAM_PROBLEM {
        @Override
        boolean take(byte[] input) {
            return refusedOr(MalformedContent.class, () -> {
                StreamProblem problem = StreamProblem.parse(input);
                assertThat(StreamProblem.parse(problem.toJson())).isEqualTo(problem);
            });
        }
    },
    /// Each two octets are a chunk: its type and end, and its length in steps of 16.
    MESSAGE_ASSEMBLER {
        @Override
        boolean take(byte[] input) {
            int most = 8 * 1024;
            MessageAssembler assembler = new MessageAssembler(most);
            return refusedOr(ContentTooLarge.class, () -> {
                int held = 0;
                for (int i = 0; i + 1 < input.length; i += 2) {
                    ContentType[] types = ContentType.values();
                    ContentType type = types[Byte.toUnsignedInt(input[i]) % types.length];
                    Chunk chunk = input[i] < 0 ? Chunk.LAST : Chunk.MORE;
                    byte[] content = new byte[16 * Byte.toUnsignedInt(input[i + 1])];
                    held += content.length;
                    Optional<MessageAssembler.Message> message =
                            assembler.add(new Received.Delivered(0, i, 1, i, chunk, type, content));
                    assertThat(held).isLessThanOrEqualTo(most);
                    if (message.isPresent()) {
                        assertThat(message.get().content()).hasSize(held);
                        held = 0;
                    }
                }
            });
        }
    },
    /// The one parser of files: a person's own, but a person may be given one.
    VECTOR_FILE {
        @Override
        boolean take(byte[] input) {
            return refusedOr(
                    IllegalArgumentException.class,
                    () -> assertThat(VectorFile.check(input).checks()).isNotEmpty());
        }
    };

    /// Whether it was understood and accepted. Only who looks at the corpus asks.
    abstract boolean take(byte[] input);

    /// The first octet of an input says for whom the others are.
    static void dispatch(byte[] input) {
        if (input.length > 0) {
            List<FuzzTarget> all = List.of(values());
            all.get(Byte.toUnsignedInt(input[0]) % all.size()).take(Arrays.copyOfRange(input, 1, input.length));
        }
    }

    /// An input that is for this one.
    byte[] input(byte[] octets) {
        byte[] place = {(byte) List.of(values()).indexOf(this)};
        return Hashing.concatenate(place, octets);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static boolean refusedOr(Class<? extends Exception> refusal, Step step) {
        try {
            step.run();
            return true;
        } catch (Exception thrown) {
            if (!refusal.isInstance(thrown)) {
                throw new AssertionError("not a refusal", thrown);
            }
            return false;
        }
    }

    private static void accepted(byte[] open) throws HandshakeRefused {
        OpenedOffer offer = FuzzHandshakes.RELAY.parse(open).open();
        assertThat(offer.parameters().clientId()).isNotBlank();
        offer.accept(FuzzHandshakes.terms()).session().close();
    }

    /// Whatever it is: the second time it has no effect.
    private static boolean onceOnly(SealedSession session, byte[] frame) {
        Received first = session.receive(frame);
        if (first instanceof Received.Delivered delivered) {
            assertThat(delivered.content().length).isLessThan(frame.length);
        }
        assertThat(session.receive(frame)).isInstanceOf(Received.Dropped.class);
        session.close();
        return !(first instanceof Received.Dropped);
    }

    /// Both ends of a session whose keys anybody can read here.
    static final class Peer {
        private static final Instant END = Instant.parse("2026-11-23T12:15:00Z");
        private static final SessionId ID = new SessionId(0x5051_5253_5455_5657L, 0x5859_5a5b_5c5d_5e5fL);

        private Peer() {}

        private static Secret epochSecret() {
            return Secret.owning(new byte[32]);
        }

        static SealedSession end(Role role) {
            return new SealedSession(
                    ID, role, epochSecret(), SessionTerms.until(END), END.toEpochMilli(), MutableClock.atNoon());
        }

        /// A frame that passes for everything but its type, flags, number, stream, index and content.
        static byte[] sealed(Role sender, byte[] input) {
            int content = Math.clamp(input.length - FrameHeader.LENGTH, 1, FrameHeader.MAX_PLAINTEXT);
            byte[] frame = Arrays.copyOf(
                    Arrays.copyOf(input, FrameHeader.LENGTH + content),
                    FrameHeader.LENGTH + content + FrameHeader.TAG_LENGTH);
            ByteBuffer header = ByteBuffer.wrap(frame);
            header.put(0, (byte) 1);
            frame[3] = (byte) (sender == Role.RELAY ? frame[3] | 2 : frame[3] & ~2);
            ID.write(header.duplicate().position(4));
            header.putInt(20, 0);
            header.putInt(40, content + FrameHeader.TAG_LENGTH);
            try (Secret secret = epochSecret();
                    FrameCipher cipher = FrameCipher.of(secret, sender)) {
                cipher.seal(header.getLong(24), frame);
            }
            return frame;
        }
    }
}
