package dev.postern.cli.demo;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.token.TokenRequest;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;

/// A client gets an access token with a signed assertion.
final class TokenCheck implements DemoCheck {
    @Override
    public String id() {
        return "token";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        try {
            SignedJWT token = SignedJWT.parse(world.gatewayToken());
            JWTClaimsSet claims = token.getJWTClaimsSet();
            long seconds = Duration.between(
                            claims.getIssueTime().toInstant(),
                            claims.getExpirationTime().toInstant())
                    .toSeconds();
            CheckFailed.unless(
                    token.getHeader().getAlgorithm().getName().equals("ES256")
                            && "at+jwt".equals(String.valueOf(token.getHeader().getType())),
                    "the token is not an ES256 at+jwt");
            CheckFailed.unless(
                    claims.getAudience().equals(List.of(TokenRequest.GATEWAY)),
                    "the audience is " + claims.getAudience());
            CheckFailed.unless(seconds == 300, "the token lives " + seconds + " s instead of 300");
            return "client demo got an ES256 access token for the gateway, valid for 5 minutes";
        } catch (ParseException _) {
            throw new CheckFailed("the token is not a signed JWT");
        }
    }
}
