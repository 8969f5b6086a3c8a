package dev.postern.cli.chat;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.client.PosternFailure;

/// What a failure means to who sits in front of it.
///
/// @param code a short fixed word for programs
/// @param sentence what happened, and what to do
/// @param exit how the program ends on it, or at its end
/// @param finality whether another question can be answered at all
record Advice(String code, String sentence, ExitCode exit, Finality finality) {
    enum Finality {
        /// The next question may well be answered.
        PASSES,
        /// Nothing will be until somebody has acted.
        FINAL
    }

    static Advice on(PosternFailure failure) {
        return switch (failure) {
            case PosternFailure.Forbidden _ ->
                stop(
                        "revoked",
                        "Access was revoked, or this client may not use sealed sessions: ask who administers it"
                                + " (./postern admin why).",
                        ExitCode.NOT_PERMITTED);
            case PosternFailure.Reauthenticate _ ->
                stop(
                        "no-token",
                        "This client gets no token, or its tokens are not accepted: ask who administers it (./postern"
                                + " admin clients effective).",
                        ExitCode.NOT_PERMITTED);
            case PosternFailure.KeyConfigRejected _ ->
                stop(
                        "key-config",
                        "The gateway offers a relay that this platform's CA has not vouched for, so nothing was sent:"
                                + " somebody may be in the way; tell who runs the platform.",
                        ExitCode.FAILED);
            case PosternFailure.HandshakeRejected _ ->
                stop(
                        "handshake",
                        "The other end is not the relay it says, or permits no safe suite, so nothing was sent: tell who"
                                + " runs the platform.",
                        ExitCode.FAILED);
            case PosternFailure.Truncated _ -> goOn("truncated", "The answer was cut off and is not whole: ask again.");
            // What happened to the question is another matter: no other will be answered.
            case PosternFailure.SessionLost lost
            when lost.getCause() instanceof PosternFailure.Forbidden forbidden -> on(forbidden);
            case PosternFailure.SessionLost _ ->
                goOn("session-lost", "The session was lost before the answer, again and again: ask again in a while.");
            case PosternFailure.EffectUnknown _ ->
                goOn(
                        "effect-unknown",
                        "The session was lost, and whether the model got the question is not known: ask again if once"
                                + " more does no harm.");
            case PosternFailure.Unavailable _ ->
                goOn("unavailable", "The platform cannot be reached: see ./postern status, then ask again.");
            case PosternFailure.TimedOut _ -> goOn("timeout", "The answer took too long: ask again, or for less.");
            case PosternFailure.ReadTooSlowly _ ->
                goOn("read-too-slowly", "The answer was read too slowly and was given up: ask again.");
            case PosternFailure.Refused refused ->
                goOn(
                        refused.code(),
                        "The relay refuses this question (" + Visible.text(refused.code()) + "): "
                                + Visible.text(String.valueOf(refused.getMessage()))
                                + " Change it, or ask later.");
        };
    }

    private static Advice stop(String code, String sentence, ExitCode exit) {
        return new Advice(code, sentence, exit, Finality.FINAL);
    }

    private static Advice goOn(String code, String sentence) {
        return new Advice(code, sentence, ExitCode.FAILED, Finality.PASSES);
    }
}
