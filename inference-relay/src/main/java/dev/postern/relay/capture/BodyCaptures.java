package dev.postern.relay.capture;

import dev.postern.archive.Capture;
import dev.postern.archive.CaptureName;
import dev.postern.archive.Custodians;
import dev.postern.archive.SealedBody;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.BodyCaptured;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Seals captured bodies and records them, on a thread of its own.
///
/// Guarantee: a body leaves this class sealed to custodians, or not at all; in the clear it is in memory alone, as long
/// as its request runs or it waits for its turn, and all of them together take 16 MiB at most. Failure direction: open;
/// a body that cannot be captured is counted
/// (`postern.relay.captures`), and its request goes on. Thread-safe.
public final class BodyCaptures implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BodyCaptures.class.getName());
    private static final int QUEUE = 256;
    /// Octets of all bodies that wait, and of all answers that are still coming.
    private static final int WAITING = 16 << 20;
    private static final int ID_OCTETS = 12;

    private final CaptureProperties properties;
    private final @Nullable Custodians custodians;
    private final Function<AuditEvent, CompletableFuture<Void>> audit;
    private final BooleanSupplier roomInTrail;
    private final MeterRegistry meters;
    private final SecureRandom random;
    private final CaptureRoom room = new CaptureRoom(WAITING);
    private final ThreadPoolExecutor sealer = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("body-captures").factory());

    private BodyCaptures(
            CaptureProperties properties,
            @Nullable Custodians custodians,
            Function<AuditEvent, CompletableFuture<Void>> audit,
            BooleanSupplier roomInTrail,
            MeterRegistry meters,
            SecureRandom random) {
        this.properties = properties;
        this.custodians = custodians;
        this.audit = audit;
        this.roomInTrail = roomInTrail;
        this.meters = meters;
        this.random = random;
    }

    /// Reads who the custodians are.
    ///
    /// @param audit records an event; the future fails when it may not be on disk
    /// @param roomInTrail whether the trail has room for what is large and not vital
    /// @throws CaptureUnusable when they cannot be read: the relay must not start
    public static BodyCaptures of(
            CaptureProperties properties,
            Function<AuditEvent, CompletableFuture<Void>> audit,
            BooleanSupplier roomInTrail,
            MeterRegistry meters,
            SecureRandom random) {
        Path file = properties.custodians();
        return new BodyCaptures(properties, file == null ? null : read(file), audit, roomInTrail, meters, random);
    }

    private static Custodians read(Path file) {
        try {
            return Custodians.parse(Files.readAllLines(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new CaptureUnusable(
                    "The custodians in " + file + " (postern.relay.capture.custodians) cannot be read: "
                            + e.getMessage()
                            + ". Put one line there for each custodian, as postern audit custodian keygen wrote it.",
                    e);
        }
    }

    /// Nothing for a tenant whose bodies are not captured.
    public Optional<CapturedExchange> begin(Caller caller, RelayRequest request) {
        return custodians != null && request.operation().hasPrompt() && properties.covers(caller.tenant())
                ? Optional.of(new CapturedExchange(this, caller, request, properties.longest()))
                : Optional.empty();
    }

    /// What running answers and waiting bodies take their room from.
    CaptureRoom room() {
        return room;
    }

    /// Counts a body that there was no room for.
    void dropped() {
        count("dropped");
    }

    /// Seals and records a body, later. What waits holds on to this body, and to nothing else of the request.
    void keep(Caller caller, String requestId, String kind, byte[] body) {
        int octets = Math.min(body.length + 1, WAITING);
        if (!roomInTrail.getAsBoolean() || !room.take(octets)) {
            Arrays.fill(body, (byte) 0);
            count("dropped");
            return;
        }
        String clientId = caller.clientId();
        String tenant = caller.tenant();
        try {
            sealer.execute(() -> {
                try {
                    record(clientId, tenant, requestId, kind, body);
                } catch (RuntimeException bug) {
                    count("failed");
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "a body was not captured: {0}",
                            bug.getClass().getName());
                } finally {
                    Arrays.fill(body, (byte) 0);
                    room.give(octets);
                }
            });
        } catch (RejectedExecutionException _) {
            Arrays.fill(body, (byte) 0);
            room.give(octets);
            count("dropped");
        }
    }

    private void record(String clientId, String tenant, String requestId, String kind, byte[] body) {
        Custodians all = custodians;
        if (all == null) {
            return;
        }
        byte[] id = new byte[ID_OCTETS];
        random.nextBytes(id);
        CaptureName name = new CaptureName(HexFormat.of().formatHex(id), requestId, clientId, tenant, kind);
        List<BodyCaptured> parts = new Capture(name, SealedBody.seal(body, all, name.label(), random)).events();
        CompletableFuture<?>[] recorded = parts.stream().map(audit).toArray(CompletableFuture<?>[]::new);
        var _ = CompletableFuture.allOf(recorded)
                .whenComplete((_, failure) -> count(failure == null ? "recorded" : "unrecorded"));
    }

    private void count(String outcome) {
        meters.counter("postern.relay.captures", "outcome", outcome).increment();
    }

    /// Ends when everything that waits was recorded, or after a moment.
    @Override
    public void close() {
        sealer.shutdown();
        try {
            if (!sealer.awaitTermination(5, TimeUnit.SECONDS)) {
                sealer.shutdownNow().forEach(_ -> count("dropped"));
            }
        } catch (InterruptedException _) {
            sealer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
