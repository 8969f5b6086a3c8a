package dev.postern.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.cli.connect.ListenAddress.Reach;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalRulesTest {
    private final BrowserRule rule = new BrowserRule(Reach.LOOPBACK);

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8188", "127.9.9.9:0", "localhost:1", "LOCALHOST:1", "[::1]:65535"})
    void addressWhenLoopbackThenTaken(String text) {
        assertThat(ListenAddress.parse(text, Reach.LOOPBACK).port()).isBetween(0, 65_535);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0:8188",
                "[::]:8188",
                "192.168.1.2:8188",
                "[fe80::1]:8188",
                "example.com:8188",
                "localhost.example.com:8188",
                "127.0.0.1.example.com:8188"
            })
    void addressWhenNotLoopbackThenOnlyWhenAllowed(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> ListenAddress.parse(text, Reach.LOOPBACK))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.USAGE))
                .withMessageContaining("--allow-non-loopback");
        assertThat(ListenAddress.parse(text, Reach.ANYWHERE).port()).isEqualTo(8188);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8188", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "a@127.0.0.1:1", "127.0.0.1:1/x"})
    void addressWhenNoneThenRefused(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> ListenAddress.parse(text, Reach.ANYWHERE))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8188", "localhost:8188", "[::1]:8188"})
    void hostWhenLoopbackThenServed(String host) {
        assertThat(rule.allows(List.of(host), List.of())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:8188",
                "localhost.evil.example",
                "127.0.0.1.evil.example:8188",
                "127.0.0.1@evil.example",
                "evil.example#127.0.0.1",
                "evil.example/127.0.0.1",
                "127.0.0.1/x",
                "0.0.0.0:8188",
                "192.168.1.2"
            })
    void hostWhenForeignThenRefused(String host) {
        assertThat(rule.allows(List.of(host), List.of())).isFalse();
    }

    @Test
    void hostWhenAbsentOrTwiceThenRefused() {
        assertThat(rule.allows(List.of(), List.of())).isFalse();
        assertThat(rule.allows(List.of("localhost", "localhost"), List.of())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost:8188", "null"})
    void originWhenAnyThenRefused(String origin) {
        assertThat(rule.allows(List.of("localhost"), List.of(origin))).isFalse();
        assertThat(new BrowserRule(Reach.ANYWHERE).allows(List.of("host.example"), List.of(origin)))
                .isFalse();
    }

    @Test
    void hostWhenOthersMayReachItThenAny() {
        assertThat(new BrowserRule(Reach.ANYWHERE).allows(List.of("host.example:8188"), List.of()))
                .isTrue();
    }
}
