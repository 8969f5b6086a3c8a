package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.Refusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client does when a relay refuses its OPEN for a reason that is not the client's fault, or ends a session
/// because it cannot tell whether its token still counts.
class ClientRefusalsTest extends ClientFixture {
    /// Half of it at least.
    private static final Settings NOTICEABLE =
            Settings.DEFAULT.withDelays(Duration.ofMillis(400), Duration.ofMillis(400));

    private static final int ENCAPSULATION = 60;
    private static final int ENCAPSULATION_END = ENCAPSULATION + 1_120;
    private static final int CHALLENGE = 28;

    @BeforeEach
    void answers() {
        gateway.model(stream -> stream.document("{}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_CONFIG", "OPEN_REPLAYED"})
    void openWhenItsKeyOrItselfIsStaleThenOnceMoreAtOnceWithEverythingFresh(Refusal refusal) throws Exception {
        gateway.refuse(refusal);

        assertThat(ask(UNHURRIED)).isEqualTo("{}");

        assertThat(gateway.configurations()).isEqualTo(2);
        List<byte[]> opens = gateway.opens();
        assertThat(opens).hasSize(2);
        byte[] first = Objects.requireNonNull(opens.getFirst());
        byte[] second = Objects.requireNonNull(opens.getLast());
        assertThat(Arrays.copyOfRange(second, ENCAPSULATION, ENCAPSULATION_END))
                .as("the ephemeral")
                .isNotEqualTo(Arrays.copyOfRange(first, ENCAPSULATION, ENCAPSULATION_END));
        assertThat(Arrays.copyOfRange(second, CHALLENGE, ENCAPSULATION))
                .as("the challenge")
                .isNotEqualTo(Arrays.copyOfRange(first, CHALLENGE, ENCAPSULATION));
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_CONFIG", "OPEN_REPLAYED"})
    void openWhenRefusedSoAgainAndAgainThenUnavailableInTheEndAndNotAsked(Refusal refusal) {
        Refusal[] twiceEachTime = new Refusal[2 * QUICK.attempts()];
        Arrays.fill(twiceEachTime, refusal);
        gateway.refuse(twiceEachTime);

        assertThatThrownBy(() -> ask(QUICK)).isInstanceOf(PosternFailure.Unavailable.class);

        assertThat(gateway.offers()).isEqualTo(twiceEachTime.length);
        assertThat(gateway.opened()).isZero();
    }

    @Test
    void openWhenNobodyCanTellWhetherItsTokenCountsThenAgainAfterAPause() throws Exception {
        gateway.refuse(Refusal.REVOCATION_UNAVAILABLE);
        long began = System.nanoTime();

        assertThat(ask(NOTICEABLE)).isEqualTo("{}");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(200));
        assertThat(gateway.offers()).isEqualTo(2);
    }

    @Test
    void openWhenNobodyCanTellForLongThenUnavailable() {
        Refusal[] always = new Refusal[QUICK.attempts()];
        Arrays.fill(always, Refusal.REVOCATION_UNAVAILABLE);
        gateway.refuse(always);

        assertThatThrownBy(() -> ask(QUICK)).isInstanceOf(PosternFailure.Unavailable.class);

        assertThat(gateway.offers()).isEqualTo(always.length);
    }

    @Test
    void sessionWhenItEndsBecauseNobodyCanTellThenTheRequestIsSentAgainAndInTheEndThatIsWhy() {
        Queue<String> messageIds = new ConcurrentLinkedQueue<>();
        gateway.model(stream -> {
            messageIds.add(stream.request().path("msg_id").asString());
            stream.session().hangUp(Refusal.REVOCATION_UNAVAILABLE);
        });

        // It had left, so a hop's word that nobody could serve it does not say that nobody has.
        assertThatThrownBy(() -> ask(QUICK))
                .isInstanceOf(PosternFailure.SessionLost.class)
                .cause()
                .isInstanceOf(PosternFailure.Unavailable.class);

        assertThat(messageIds).hasSize(QUICK.attempts());
        assertThat(Set.copyOf(messageIds)).hasSize(1);
    }

    private String ask(Settings settings) throws Exception {
        try (PosternClient asking = client(settings)) {
            return asking.ask(chat("{}")).text();
        }
    }
}
