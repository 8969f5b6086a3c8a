package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Renews the certificate of every service while requests run: each peer that talks to it sees the new serial within
/// five seconds, and no request fails.
final class CertificateCheck implements DemoCheck {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    /// It has events for the audit log with each request; the others speak to it when they next have any.
    private static final Set<PlatformService> BUSY = Set.of(PlatformService.RELAY);

    /// Who has been seen by whom before, and so must be seen again.
    private record Pair(PlatformService seen, PlatformService by) {
        boolean meetsUnderLoad() {
            return (seen != PlatformService.AUDIT || BUSY.contains(by))
                    && (by != PlatformService.AUDIT || BUSY.contains(seen));
        }
    }

    @Override
    public String id() {
        return "cert-renewed";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        List<Pair> pairs = pairs(world);
        CheckFailed.unless(pairs.size() >= PlatformService.values().length, "hardly any service has met another");
        String token = world.gatewayToken();
        Map<PlatformService, String> serials = new EnumMap<>(PlatformService.class);
        long longest = 0;
        try (ChatLoad load = ChatLoad.start(world, () -> token)) {
            for (PlatformService service : PlatformService.values()) {
                serials.put(service, renew(world, service));
                Instant renewed = world.now();
                List<Pair> its =
                        pairs.stream().filter(pair -> pair.seen() == service).toList();
                boolean seen = world.await(WITHIN, () -> allSee(world, its, serials));
                CheckFailed.unless(
                        seen, "a peer of " + service.artifact() + " has not seen its new certificate within 5 s");
                longest =
                        Math.max(longest, Duration.between(renewed, world.now()).toMillis());
            }
            load.stop();
            CheckFailed.unless(load.failed() == 0, load.failed() + " requests failed while certificates were renewed");
            return serials.size() + " certificates renewed and seen by all " + pairs.size() + " peers, the last after "
                    + longest + " ms; " + load.served() + " requests meanwhile, none failed";
        }
    }

    private static List<Pair> pairs(DemoWorld world) throws InterruptedException {
        List<Pair> pairs = new ArrayList<>();
        for (PlatformService by : PlatformService.values()) {
            JsonNode peers = identity(world, by).path("peers");
            for (PlatformService seen : PlatformService.values()) {
                Pair pair = new Pair(seen, by);
                if (pair.meetsUnderLoad() && peers.has(id(seen))) {
                    pairs.add(pair);
                }
            }
        }
        return pairs;
    }

    private static boolean allSee(DemoWorld world, List<Pair> pairs, Map<PlatformService, String> serials)
            throws InterruptedException {
        for (Pair pair : pairs) {
            String shown = identity(world, pair.by())
                    .path("peers")
                    .path(id(pair.seen()))
                    .path("serial")
                    .asString("");
            if (!shown.equals(serials.get(pair.seen()))) {
                return false;
            }
        }
        return true;
    }

    /// The new serial.
    private static String renew(DemoWorld world, PlatformService service) throws CheckFailed, InterruptedException {
        String before = identity(world, service).path("serial").asString("");
        String after = world.operator()
                .post(address(world, service), new JsonMapper().createObjectNode())
                .path("serial")
                .asString("");
        CheckFailed.unless(
                !after.isEmpty() && !after.equals(before), service.artifact() + " still has the same certificate");
        return after;
    }

    private static JsonNode identity(DemoWorld world, PlatformService service) throws InterruptedException {
        return world.operator().json(address(world, service));
    }

    private static URI address(DemoWorld world, PlatformService service) {
        return world.ports().managementEndpoint(service).resolve("/actuator/identity");
    }

    private static String id(PlatformService service) {
        return "spiffe://postern.local/service/" + service.artifact();
    }
}
