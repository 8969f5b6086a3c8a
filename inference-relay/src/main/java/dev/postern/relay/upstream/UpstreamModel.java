package dev.postern.relay.upstream;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// The models behind the relay: one OpenAI-compatible server and its stand-ins, over HTTP/1.1. Thread-safe.
///
/// Guarantees: a call that is cancelled, fails or times out closes its connection. A request goes to the first server
/// whose circuit breaker lets it. It goes to the next one only when nothing of an answer came - no connection, a
/// connection that broke, no head in time, or status 429, 502, 503 or 504 - and only with time left before its
/// deadline. While another one would take the request, a server has half of that time to begin with its answer. Once
/// there was a first byte of an answer, its end is the request's end.
///
/// Non-guarantee: that only one server works on a request. One that broke or timed out may have; that costs, and has no
/// other effect. Whether to ask again after that, the client knows better.
public final class UpstreamModel implements AutoCloseable {
    private final UpstreamProperties properties;
    private final LongSupplier nanoTime;
    private final HttpClient client;
    private final List<UpstreamServer> servers;

    public UpstreamModel(
            UpstreamProperties properties, MeterRegistry meters, Executor executor, LongSupplier nanoTime) {
        this.properties = properties;
        this.nanoTime = nanoTime;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(properties.connectTimeout())
                .executor(executor)
                .build();
        this.servers = properties.endpoints().stream()
                .map(endpoint -> new UpstreamServer(endpoint, properties, client, meters, nanoTime))
                .toList();
    }

    /// Sends a request and reports to `listener` on `loop`. Call it on `loop` too.
    public UpstreamCall start(ModelRequest request, ScheduledExecutorService loop, UpstreamListener listener)
            throws RequestRefused {
        FallbackCall call = new FallbackCall(servers, request, properties.connectTimeout(), loop, nanoTime, listener);
        if (!call.findNext()) {
            throw new RequestRefused(FailureCode.UPSTREAM_UNAVAILABLE);
        }
        call.ask();
        return call;
    }

    /// Each server's circuit breaker: `closed`, `open` or `half-open`.
    public Map<String, String> states() {
        return servers.stream().collect(Collectors.toMap(UpstreamServer::name, UpstreamServer::state));
    }

    /// All servers in their order, those whose breakers are open last.
    List<UpstreamServer> likeliestFirst() {
        return servers.stream()
                .sorted(Comparator.comparing(UpstreamServer::isShut))
                .toList();
    }

    boolean isFirst(UpstreamServer server) {
        return server == servers.getFirst();
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
