package dev.postern.relay.upstream;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.request.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The model list, fetched when asked for and believed for a few seconds. Thread-safe.
///
/// It is the first server's: clients use its names. While it gives none and a fallback does, its last one stays in
/// force; a relay that never had one takes the fallback's, in the clients' names.
///
/// While a list is being refreshed the last one still answers, for up to a minute; so a model request never
/// waits for the list after the first one.
public final class ModelCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogue.class);
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_MODELS = 1000;
    private static final Duration STALE = Duration.ofMinutes(1);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final UpstreamModel upstream;
    private final UpstreamProperties properties;
    private final Clock clock;
    private final AtomicReference<@Nullable ModelList> last = new AtomicReference<>();
    private final AtomicReference<@Nullable ModelList> firsts = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<ModelList>> refresh = new AtomicReference<>();

    /// One answer of the upstream.
    ///
    /// @param json the upstream's own document
    @SuppressWarnings("ArrayRecordComponent") // Lists are passed on, never compared.
    public record ModelList(byte[] json, Set<String> ids, Instant fetchedAt) {
        /// The document without the models that `mayUse` does not let through; their ids are all that counts.
        public byte[] of(Predicate<String> mayUse) {
            if (ids.stream().allMatch(mayUse)) {
                return json;
            }
            ObjectNode document = (ObjectNode) JSON.readTree(json);
            ArrayNode left = document.putArray("data");
            for (JsonNode model : JSON.readTree(json).path("data")) {
                if (mayUse.test(model.path("id").asString(""))) {
                    left.add(model);
                }
            }
            return JSON.writeValueAsBytes(document);
        }
    }

    public ModelCatalogue(UpstreamModel upstream, UpstreamProperties properties, Clock clock) {
        this.upstream = upstream;
        this.properties = properties;
        this.clock = clock;
    }

    /// A fresh list; fails with [RequestRefused] when the upstream gives none.
    public CompletableFuture<ModelList> fresh() {
        ModelList known = last.get();
        return known != null && age(known).compareTo(properties.modelsTtl()) < 0
                ? CompletableFuture.completedFuture(known)
                : fetch();
    }

    /// A list that may be a little old, while a newer one is on its way.
    public CompletableFuture<ModelList> recent() {
        ModelList known = last.get();
        if (known == null || age(known).compareTo(STALE) >= 0) {
            return fetch();
        }
        if (age(known).compareTo(properties.modelsTtl()) >= 0) {
            var _ = fetch();
        }
        return CompletableFuture.completedFuture(known);
    }

    /// `model` when it is one of the upstream's, else `other`: a bounded value for metrics and audit.
    public String bounded(String model) {
        ModelList known = last.get();
        return known != null && known.ids().contains(model) ? model : "other";
    }

    private Duration age(ModelList list) {
        return Duration.between(list.fetchedAt(), clock.instant());
    }

    private CompletableFuture<ModelList> fetch() {
        CompletableFuture<ModelList> mine = new CompletableFuture<>();
        CompletableFuture<ModelList> running = refresh.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        ask(mine, upstream.likeliestFirst().iterator());
        return mine;
    }

    private void ask(CompletableFuture<ModelList> mine, Iterator<UpstreamServer> servers) {
        if (!servers.hasNext()) {
            refuse(mine);
            return;
        }
        try {
            ask(mine, servers.next(), servers);
        } catch (RuntimeException bug) {
            // Whoever waits must hear of an end, or nobody would ever ask again. The message may quote the key.
            LOG.error(
                    "a model server could not be asked for its list: {}",
                    bug.getClass().getName());
            ask(mine, servers);
        }
    }

    private void ask(CompletableFuture<ModelList> mine, UpstreamServer server, Iterator<UpstreamServer> others) {
        HttpRequest request = server.request(Operation.MODELS)
                .header("Accept", "application/json")
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> call = upstream.client()
                .sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        // Not the request's own timeout: that one ends with the head, and a body may stall for ever.
        var _ = call.thenApplyAsync(
                        response -> read(response, server),
                        upstream.client().executor().orElse(Runnable::run))
                .orTimeout(properties.connectTimeout().plusSeconds(3).toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((list, failure) -> {
                    if (failure == null) {
                        ModelList inForce = inForce(list, server);
                        refresh.set(null);
                        last.set(inForce);
                        mine.complete(inForce);
                    } else {
                        call.cancel(true);
                        ask(mine, others);
                    }
                });
    }

    private ModelList inForce(ModelList list, UpstreamServer server) {
        if (upstream.isFirst(server)) {
            firsts.set(list);
            return list;
        }
        ModelList known = firsts.get();
        return known == null ? list : new ModelList(known.json(), known.ids(), list.fetchedAt());
    }

    private void refuse(CompletableFuture<ModelList> mine) {
        refresh.set(null);
        mine.completeExceptionally(new RequestRefused(FailureCode.UPSTREAM_UNAVAILABLE));
    }

    private ModelList read(HttpResponse<byte[]> response, UpstreamServer server) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("status " + response.statusCode());
        }
        if (UpstreamErrors.isError(response.body())) {
            throw new IllegalStateException("an error in place of a model list");
        }
        try {
            byte[] json = inClientsNames(response.body(), server.models());
            Set<String> ids = new LinkedHashSet<>();
            for (JsonNode model : JSON.readTree(json).path("data")) {
                if (model.path("id").isString() && ids.size() < MAX_MODELS) {
                    ids.add(model.path("id").stringValue());
                }
            }
            return new ModelList(json, Set.copyOf(ids), clock.instant());
        } catch (JacksonException e) {
            throw new IllegalStateException("model list not readable", e);
        }
    }

    /// A list under the names that clients use.
    ///
    /// @param names the server's, by the clients'; none when they are the same
    private static byte[] inClientsNames(byte[] json, Map<String, String> names) {
        if (names.isEmpty()) {
            return json;
        }
        ObjectNode document = (ObjectNode) JSON.readTree(json);
        ArrayNode renamed = document.putArray("data");
        for (JsonNode model : JSON.readTree(json).path("data")) {
            names.forEach((client, own) -> {
                if (model instanceof ObjectNode entry
                        && own.equals(entry.path("id").asString(""))) {
                    renamed.add(entry.deepCopy().put("id", client));
                }
            });
        }
        return JSON.writeValueAsBytes(document);
    }
}
