package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.token.TokenRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.json.JsonMapper;

/// Asks for a scope that the client was never given, and uses a token for something its scope does not cover.
final class ScopeCheck implements DemoCheck {
    @Override
    public String id() {
        return "scope-denied";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        HttpResponse<String> refused = world.ask(TokenRequest.of(world.demo(), "admin:policies", TokenRequest.GATEWAY));
        CheckFailed.unless(
                refused.statusCode() == 400,
                "a request for an administrator's scope got " + refused.statusCode() + " instead of 400");
        String token = world.token(TokenRequest.of(world.demo(), "topic:subscribe", TokenRequest.GATEWAY)
                .use("subscribe"));
        HttpResponse<String> denied = world.anyone()
                .send(ChatRequests.bearing(token, world.chat().whole(DemoWorld.CHAT_MODEL, "out of scope")));
        CheckFailed.unless(
                denied.statusCode() == 403,
                "a chat with a token for live topics got " + denied.statusCode() + " instead of 403");
        return "no administrator's token for demo ("
                + new JsonMapper().readTree(refused.body()).path("error").asString("")
                + "); no chat with a token for live topics (403)";
    }
}
