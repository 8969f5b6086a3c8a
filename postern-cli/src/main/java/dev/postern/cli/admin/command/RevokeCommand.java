package dev.postern.cli.admin.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern admin revoke`
@Command(
        name = "revoke",
        description = "Takes access back everywhere within a second; what runs on it ends.",
        mixinStandardHelpOptions = true)
final class RevokeCommand extends AdminSubcommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "KIND", description = "token, session, client, subject, tenant or key")
    private String kind = "";

    @Parameters(
            index = "1",
            paramLabel = "VALUE",
            description = "The token's jti or sid, the client, subject or tenant, or the key's kid.")
    private String value = "";

    @Option(
            names = "--reason",
            defaultValue = "operator",
            description = "A short code for the audit log (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode revocation = new JsonMapper()
                .createObjectNode()
                .put("kind", kind)
                .put("value", value)
                .put("reason", reason);
        return admin().change("Revoked: " + kind + " " + value + ".", api -> api.post("/revocations", revocation));
    }
}
