package dev.postern.bench;

import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Tokens and proofs, beside what the JDK alone needs for the unavoidable part.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class TokenBenchmark {

    private static final String DETAILS = """
            [{"type":"postern_models","models":["simulator-*","gpt-4.1"]},\
            {"type":"postern_topics","topics":["orders.*"],"actions":["subscribe"]},\
            {"type":"postern_budget","requests":100,"model_tokens":200000}]""";

    private final Clock clock = Clock.fixed(MintedTokens.NOW, ZoneOffset.UTC);
    private final MintedTokens tokens = new MintedTokens();
    private final ECPublicKey key = tokens.publicKey();
    private final String token = tokens.mint(0);
    private final String other = tokens.mint(1);
    private final AccessTokenVerifier remembering = verifier(10_000);
    /// Remembers two tokens at most: with three in turn, none is ever remembered.
    private final AccessTokenVerifier forgetful = verifier(1);

    private final String[] turns = {token, other, tokens.mint(2), tokens.mint(3)};
    private final DpopKey dpop = DpopKey.generate(new SecureRandom(), clock);
    private final DpopExpectation expectation = DpopExpectation.of("POST", "https://localhost:8443/v1/chat/completions")
            .forToken(token);
    private final String proof = dpop.prove(expectation);
    private byte[] signed = {};
    private byte[] signature = {};
    private int turn;

    private AccessTokenVerifier verifier(int remembered) {
        return new AccessTokenVerifier(
                new VerifierSettings(
                        MintedTokens.ISSUER,
                        MintedTokens.AUDIENCE,
                        Set.of(TokenUse.INFERENCE),
                        Duration.ofSeconds(30),
                        remembered),
                kid -> Optional.of(key),
                verified -> TrustState.Standing.TRUSTED,
                clock);
    }

    @Setup
    public void takeApart() {
        int dot = token.lastIndexOf('.');
        signed = token.substring(0, dot).getBytes(StandardCharsets.US_ASCII);
        signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    }

    @Benchmark
    public AccessToken verifyCached() throws TokenRejected {
        return remembering.verify(token);
    }

    @Benchmark
    public AccessToken verifyUncached() throws TokenRejected {
        turn = (turn + 1) & 3;
        return forgetful.verify(turns[turn]);
    }

    @Benchmark
    public DpopProof verifyDpopProof() throws TokenRejected {
        return DpopProof.verify(proof, expectation, clock);
    }

    @Benchmark
    public List<AuthorizationDetail> parseDetails() {
        return AuthorizationDetail.parse(DETAILS);
    }

    @Benchmark
    public byte[] referenceDigest() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public boolean referenceEcdsa() throws GeneralSecurityException {
        Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
        ecdsa.initVerify(key);
        ecdsa.update(signed);
        return ecdsa.verify(signature);
    }
}
