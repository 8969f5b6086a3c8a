package dev.postern.cli.demo;

import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.token.TokenClaims;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;

/// Rotates the token-signing key: new tokens carry a new `kid`, tokens signed before it go on working.
final class RotationCheck implements DemoCheck {
    @Override
    public String id() {
        return "signing-key-rotated";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String before = world.gatewayToken();
        URI rotations = world.ports().endpoint(PlatformService.ROTATION).resolve("/v1/rotations");
        Instant asked = world.now();
        var _ = world.operator()
                .post(rotations, new JsonMapper().createObjectNode().put("class", "token-signing"));
        boolean rotated = world.await(
                Duration.ofSeconds(20),
                () -> !TokenClaims.kid(world.gatewayToken()).equals(TokenClaims.kid(before)));
        CheckFailed.unless(rotated, "new tokens are still signed with the old key");
        long took = world.now().toEpochMilli() - asked.toEpochMilli();
        var _ = world.openAi(world.gatewayToken()).models().list();
        var _ = world.openAi(before).models().list();
        return "a new key signs after " + took + " ms; a token of the old key is still accepted";
    }
}
