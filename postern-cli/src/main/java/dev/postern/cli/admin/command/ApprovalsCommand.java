package dev.postern.cli.admin.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `postern admin approvals`
@Command(
        name = "approvals",
        description = "Changes that wait for a second person. Nobody approves a change of his own.",
        mixinStandardHelpOptions = true)
final class ApprovalsCommand extends Noun {
    ApprovalsCommand() {
        super(
                "/approvals",
                Column.of("id", "state", "change", "resource_id", "requested_by", "requested_at", "expires_at"));
    }

    @Command(name = "approve", description = "Makes the change.", mixinStandardHelpOptions = true)
    int approve(@Parameters(paramLabel = "ID") String id) throws InterruptedException {
        return decide(id, "approve", "The change is made.");
    }

    @Command(name = "reject", description = "Drops the change.", mixinStandardHelpOptions = true)
    int reject(@Parameters(paramLabel = "ID") String id) throws InterruptedException {
        return decide(id, "reject", "The change is dropped.");
    }

    private int decide(String id, String decision, String done) throws InterruptedException {
        return admin().change(done, api -> api.post(path(id) + "/" + decision, new JsonMapper().createObjectNode()));
    }
}
