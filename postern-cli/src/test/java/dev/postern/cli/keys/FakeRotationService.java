package dev.postern.cli.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A key-rotation-service over real TLS that answers what the test says, in that order, the last answer again and
/// again. It decides nothing.
public final class FakeRotationService implements AutoCloseable {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");

    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private final WorkloadIdentity service = authority.identityOf(DOMAIN.idOf("key-rotation-service"));
    private final WorkloadIdentity operator = authority.identityOf(DOMAIN.idOf("operator"));
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final HttpsServer server;

    private record Answer(int status, String body) {}

    public FakeRotationService() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(service.sslContext()));
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    /// A client that trusts it.
    public PlatformHttp client() {
        return new PlatformHttp(operator.sslContext());
    }

    /// Prepares an answer.
    ///
    /// @param call such as `GET /v1/keys`
    public void answers(String call, int status, String body) {
        answers.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(new Answer(status, body));
    }

    /// Method, path and body of each call, in their order.
    public List<String> calls() {
        return calls;
    }

    @Override
    public void close() {
        server.stop(0);
        service.close();
        operator.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            calls.add((call + " " + new String(exchange.getRequestBody().readAllBytes(), UTF_8)).strip());
            Deque<Answer> those = answers.getOrDefault(call, new ArrayDeque<>());
            Answer next = those.size() > 1 ? those.remove() : those.peek();
            byte[] body = (next == null ? "" : next.body()).getBytes(UTF_8);
            exchange.sendResponseHeaders(next == null ? 404 : next.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
