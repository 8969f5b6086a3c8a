package dev.postern.sts;

import com.nimbusds.jose.util.Base64URL;
import com.sun.management.OperatingSystemMXBean;
import dev.postern.token.Es256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much processor time a token costs, over TLS, with private_key_jwt, Redis and the audit spool: run by hand.
/// What its own client threads use is taken off, so that figures hold on a machine that does other things as well.
final class TokenLoad extends TokenServiceFixture {
    private static final int THREADS = 8;

    TokenLoad() throws IOException {}

    static void main(String[] arguments) throws Exception {
        home = Files.createTempDirectory("token-load");
        TokenLoad load = new TokenLoad();
        load.start();
        try {
            int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
            int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
            for (int round = 0; round < rounds; round++) {
                load.round(tokens);
            }
        } finally {
            load.stop();
        }
        System.exit(0);
    }

    private void round(int tokens) throws Exception {
        PrivateKey key = Es256.prepared(demoKey.key().toPrivateKey());
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            requests.add(request(key));
        }
        AtomicInteger next = new AtomicInteger();
        AtomicLong clientCpu = new AtomicLong();
        long[] latencies = new long[tokens];
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = process.getProcessCpuTime();
        long started = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            clients.add(Thread.ofPlatform().start(() -> {
                try (Socket socket = trustOnly()
                        .getSocketFactory()
                        .createSocket("localhost", address("/").getPort())) {
                    Socket open = socket;
                    for (int i = next.getAndIncrement(); i < tokens; i = next.getAndIncrement()) {
                        long sent = System.nanoTime();
                        if (!exchange(open, requests.get(i))) {
                            open = trustOnly()
                                    .getSocketFactory()
                                    .createSocket("localhost", address("/").getPort());
                        }
                        latencies[i] = System.nanoTime() - sent;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                clientCpu.addAndGet(threads.getCurrentThreadCpuTime());
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        double micros = (process.getProcessCpuTime() - cpu - clientCpu.get()) / 1e3 / tokens;
        Arrays.sort(latencies);
        System.out.printf(
                "%d tokens in %.1f s: %.0f/s; server cpu %.0f us each = %.0f/s per core; client cpu %.0f us;"
                        + " p50 %.2f ms p99 %.2f ms%n",
                tokens,
                seconds,
                tokens / seconds,
                micros,
                1e6 / micros,
                clientCpu.get() / 1e3 / tokens,
                latencies[tokens / 2] / 1e6,
                latencies[tokens * 99 / 100] / 1e6);
    }

    private byte[] request(PrivateKey key) throws Exception {
        long now = Instant.now(clock).getEpochSecond();
        String input = Base64URL.encode("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"demo-1\"}")
                + "."
                + Base64URL.encode("{\"iss\":\"demo\",\"sub\":\"demo\",\"aud\":\"" + ISSUER + "\",\"jti\":\""
                        + UUID.randomUUID() + "\",\"exp\":" + (now + 280) + "}");
        String assertion = input + "." + Base64URL.encode(Es256.sign(key, input.getBytes(StandardCharsets.US_ASCII)));
        String body = "grant_type=client_credentials&scope=llm%3Ainvoke&client_assertion_type="
                + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" + assertion;
        return ("POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Whether the connection stays open.
    private static boolean exchange(Socket socket, byte[] request) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("closed");
            }
            length += read;
            String text = new String(buffer, 0, length, StandardCharsets.US_ASCII);
            int end = text.indexOf("\r\n\r\n");
            if (end > 0) {
                if (!text.startsWith("HTTP/1.1 200")) {
                    throw new IOException(text);
                }
                int start = text.indexOf("Content-Length: ") + 16;
                int size = Integer.parseInt(text.substring(start, text.indexOf('\r', start)));
                if (length >= end + 4 + size) {
                    return !text.contains("Connection: close");
                }
            }
        }
    }
}
