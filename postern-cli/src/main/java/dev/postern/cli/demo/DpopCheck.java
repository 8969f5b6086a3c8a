package dev.postern.cli.demo;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.token.BoundToken;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ProofKey;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// Gets a token that is bound to a key. It must work with a fresh proof of that key, and neither without one, nor with
/// a proof of another key or for another URL, nor with a proof that was used already.
final class DpopCheck implements DemoCheck {
    @Override
    public String id() {
        return "dpop-bound";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        ProofKey key = world.newProofKey();
        String token = world.token(TokenRequest.of(world.demo(), DemoWorld.SCOPE, TokenRequest.GATEWAY)
                .boundTo(key));
        BoundToken bound = new BoundToken(token, key, world.clock());
        PlatformHttp http = world.anyone();
        HttpRequest.Builder models = world.chat().models();

        expect(200, bound.send(http, models), "with a proof of its key");
        expect(401, http.send(ChatRequests.bearing(token, models.copy())), "as a bearer token");
        expect(401, http.send(models.copy().setHeader("Authorization", "DPoP " + token)), "without a proof");
        expect(
                401,
                new BoundToken(token, world.newProofKey(), world.clock()).send(http, models),
                "with a proof of another key");
        expect(
                401,
                http.send(world.chat()
                        .whole(DemoWorld.CHAT_MODEL, "elsewhere")
                        .setHeader("Authorization", "DPoP " + token)
                        .setHeader("DPoP", bound.proof("GET", models.build().uri()))),
                "with a proof for another URL");
        HttpRequest.Builder once = bound.proven(models);
        HttpResponse<String> first = http.send(once);
        if (bound.challenged(first)) {
            once = bound.proven(models);
            first = http.send(once);
        }
        expect(200, first, "with another fresh proof");
        expect(401, http.send(once), "with the same proof again");
        return "served with a fresh proof of its key; refused without one, with another key's, for another URL, and"
                + " when the proof is replayed";
    }

    private static void expect(int status, HttpResponse<String> answer, String how) throws CheckFailed {
        CheckFailed.unless(
                answer.statusCode() == status,
                "the token used " + how + " got " + answer.statusCode() + " instead of " + status);
    }
}
