package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.audit.AuditVerification;
import dev.postern.cli.platform.PlatformService;
import dev.postern.system.SystemPlatform.Running;
import java.text.ParseException;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The audit log, asked and verified.
final class AuditLog {
    private static final int PAGE = 1000;

    private final Running platform;

    AuditLog(Running platform) {
        this.platform = platform;
    }

    /// The ids of all tokens whose issue is logged.
    Set<String> issuedTokenIds() throws InterruptedException {
        return tokenIds("dev.postern.token.issued");
    }

    /// The ids of all tokens with which a request was served.
    Set<String> servedTokenIds() throws InterruptedException {
        return tokenIds("dev.postern.request.served");
    }

    private Set<String> tokenIds(String type) throws InterruptedException {
        Set<String> ids = new HashSet<>();
        String after = "";
        do {
            JsonNode page = platform.operator()
                    .json(platform.endpoint(
                            PlatformService.AUDIT, "/v1/events?type=" + type + "&limit=" + PAGE + after));
            for (JsonNode event : page.path("events")) {
                ids.add(event.path("data").path("token_id").asString());
            }
            String next = page.path("next").asString("");
            after = next.isEmpty() ? "" : "&after=" + next;
        } while (!after.isEmpty());
        return ids;
    }

    /// Checks every shard from its files.
    void verify() throws InterruptedException {
        assertThat(new AuditVerification(platform.home().auditLog()).run())
                .isNotEmpty()
                .allSatisfy(shard -> assertThat(shard.report().inconsistency()).isEmpty());
    }

    static String tokenId(String token) {
        try {
            return String.valueOf(SignedJWT.parse(token).getJWTClaimsSet().getJWTID());
        } catch (ParseException e) {
            throw new AssertionError("the token is not a signed JWT", e);
        }
    }
}
