package dev.postern.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;

/// A fuzzer's input as a compact JWS: as it is, or, when it begins with `{`, a line that is the header and the
/// rest that is the payload, signed with a key that anybody can read (RFC 7515, A.3). A fuzzer forges no
/// signature; what is behind one it reaches so.
final class FuzzedJws {
    static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    static final TestTokens SIGNER = new TestTokens(key());

    private static final long MOST_MEMORY = 16L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzedJws() {}

    private static ECKey key() {
        try {
            return ECKey.parse("{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"key-1\","
                    + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
                    + "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}");
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(byte[] input) {
        String text = new String(input, UTF_8);
        int line = text.indexOf('\n');
        return text.startsWith("{") && line > 0
                ? SIGNER.signRaw(text.substring(0, line), text.substring(line + 1))
                : text;
    }

    /// Whether the JDK takes the signature for the key's, too.
    static boolean isSigned(String compact) {
        int dot = compact.lastIndexOf('.');
        try {
            Signature jdk = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
            jdk.initVerify(SIGNER.publicKey());
            jdk.update(compact.substring(0, dot).getBytes(US_ASCII));
            return jdk.verify(Base64.getUrlDecoder().decode(compact.substring(dot + 1)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("accepted, and not even a signature", e);
        }
    }

    /// Once before it is measured: loading classes under the fuzzer's agent takes memory of this thread.
    static void takesLittleMemory(Runnable parser) {
        parser.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        parser.run();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
    }
}
