package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/// Kills a relay in the middle of two answers of one session: of one the client has had a part; the other was complete,
/// and nothing of it had arrived. The first must end as cut off. The second must come from another relay's journal, and
/// no model may be asked twice.
final class SealedFailoverCheck implements DemoCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int HEADER = 44;
    private static final int DATA = 0x10;
    private static final int FIN = 1;
    private static final int FLAGS = 2;
    private static final int STREAM = 32;

    @Override
    public String id() {
        return "sealed-failover";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        Eavesdropping ears = world.eavesdropping();
        String token = world.gatewayToken();
        String cut = world.canaries().marker() + " cut off ";
        String given = world.canaries().marker() + " given again";
        // Only the second relay can be reached, so that the session is there.
        ears.toRelay().shut();
        ears.toRelay().breakOff();
        awaitRelays(world, ears, token, 1);
        try (PosternClient client = ears.client(ears.gateway());
                ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            ObjectNode slow =
                    SealedLink.chat(cut.repeat(20)).put("stream", true).put("model", ChatRequests.SLOW);
            try (AnswerStream stream = client.stream(Request.of(Request.CHAT, slow))) {
                CheckFailed.unless(stream.next().isPresent(), "the stream did not begin");
                ears.toRelay().open();
                awaitRelays(world, ears, token, 2);

                long before = ended(ears);
                ears.toSecondRelay().withholdAnswers();
                Future<String> whole =
                        asking.submit(() -> client.chat(SealedLink.chat(given)).text());
                CheckFailed.unless(
                        world.await(PATIENCE, () -> ended(ears) > before),
                        "the relay has not answered the second request");
                ears.relay().kill();
                long killed = System.nanoTime();
                ears.toSecondRelay().breakOff();

                String answer = whole.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                long took = Duration.ofNanos(System.nanoTime() - killed).toMillis();
                CheckFailed.unless(answer.contains(given), "the answer does not echo the question");
                requireCut(stream);
                requireOnce(world, cut);
                requireOnce(world, given);
                return "relay killed: a begun answer ended as cut off, a complete one came from the other relay " + took
                        + " ms later; the model was asked once for each";
            }
        } catch (PosternFailure e) {
            throw new CheckFailed("the SDK failed: " + e.getMessage());
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof PosternFailure failure ? ": " + failure.getMessage() : "";
            throw new CheckFailed("the request was not answered again" + why);
        } catch (TimeoutException _) {
            throw new CheckFailed("the request was not answered again in " + PATIENCE.toSeconds() + " s");
        } finally {
            world.endEavesdropping();
        }
    }

    private static void awaitRelays(DemoWorld world, Eavesdropping ears, String token, int count)
            throws CheckFailed, InterruptedException {
        URI keys = ears.gateway().resolve("/ssp1/key-config");
        CheckFailed.unless(
                world.await(PATIENCE, () -> world.sealedRelays(keys, token).size() == count),
                "the gateway does not offer " + count + " relays");
    }

    /// Last frames of answers of the second relay, but for those of a session's first stream, which is the slow one; a
    /// frame's header says so to everybody.
    private static long ended(Eavesdropping ears) {
        return ears.toSecondRelay().recorded().stream()
                .flatMap(connection -> connection.messagesReceived().stream())
                .filter(frame -> frame.length > HEADER
                        && frame[1] == DATA
                        && (ByteBuffer.wrap(frame).getShort(FLAGS) & FIN) != 0
                        && ByteBuffer.wrap(frame).getInt(STREAM) > 1)
                .count();
    }

    private static void requireCut(AnswerStream stream) throws CheckFailed, InterruptedException {
        try {
            while (stream.next().isPresent()) {
                // what had arrived before
            }
        } catch (PosternFailure.Truncated _) {
            return;
        } catch (PosternFailure e) {
            throw new CheckFailed("the cut stream ended as " + e.getClass().getSimpleName());
        }
        throw new CheckFailed("the cut stream looks like a whole answer");
    }

    private static void requireOnce(DemoWorld world, String marker) throws CheckFailed, InterruptedException {
        int seen = world.seenByModel(marker).size();
        CheckFailed.unless(seen == 1, "the model saw a request " + seen + " times");
    }
}
