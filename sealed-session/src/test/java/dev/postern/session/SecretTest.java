package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecretTest {
    private static final String TOKEN = "token.of.demo";

    @Test
    void printsNothingAndHashesAlike() {
        Secret secret = Secret.owning(new byte[] {0x5e, 0x77, 0x13});
        assertThat(secret.toString()).isEqualTo("Secret[]");
        assertThat(secret.hashCode()).isEqualTo(Secret.owning(new byte[32]).hashCode());
        assertThat(secret).isEqualTo(Secret.owning(new byte[] {0x5e, 0x77, 0x13}));
        assertThat(secret).isNotEqualTo(Secret.owning(new byte[] {0x5e, 0x77, 0x14}));
    }

    @Test
    void erasesTheArrayItOwns() {
        byte[] octets = {1, 2, 3};
        Secret secret = Secret.owning(octets);
        secret.close();
        assertThat(octets).containsOnly(0);
        assertThat(secret.isDestroyed()).isTrue();
        assertThatThrownBy(secret::getEncoded).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesNoMemoryBySerialization() throws Exception {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            assertThatThrownBy(() -> out.writeObject(Secret.owning(new byte[32])))
                    .isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void anEpochErasesWhatItCameFrom() {
        Secret first = Secret.owning(new byte[32]);
        EpochChain chain = new EpochChain(first, Role.RELAY, 1024, 0);
        chain.advance(0);
        assertThat(first.isDestroyed()).isTrue();
    }

    @Test
    void aClosedCipherSealsNothing() {
        FrameCipher cipher = new FrameCipher(Secret.aes(new byte[32]), new byte[12]);
        cipher.close();
        assertThatThrownBy(() -> cipher.seal(0, new byte[100])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneNonceIsNotUsedForTwoPlaintexts() {
        FrameCipher cipher = new FrameCipher(Secret.aes(new byte[32]), new byte[12]);
        cipher.seal(3, new byte[100]);
        assertThatThrownBy(() -> cipher.seal(3, new byte[101])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingThatHoldsATokenOrATextPrintsIt() {
        TestPeers peers = new TestPeers(Suite.X25519);
        TestPeers.SessionPair pair = peers.session();
        int stream = pair.client().openStream();
        byte[] content = "canary".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Received received = pair.relay()
                .receive(pair.client()
                        .seal(stream, content, ContentType.BYTES, Chunk.LAST)
                        .getFirst());
        var printed = List.of(
                TestPeers.parameters().toString(),
                received.toString(),
                new MessageAssembler.Message(ContentType.BYTES, content, Chunk.LAST).toString(),
                pair.client().toString(),
                Hpke.generate(Suite.X25519).toString(),
                peers.proofKey.toString());
        assertThat(printed).noneMatch(text -> text.contains(TOKEN) || text.contains("canary") || text.contains("[B@"));
    }
}
