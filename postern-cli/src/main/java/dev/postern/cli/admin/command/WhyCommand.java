package dev.postern.cli.admin.command;

import dev.postern.cli.admin.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `postern admin why`
@Command(
        name = "why",
        description = "Says which rule denied a request of the last quarter of an hour.",
        mixinStandardHelpOptions = true)
final class WhyCommand extends AdminSubcommand implements Callable<Integer> {
    @Parameters(paramLabel = "REQUEST_ID", description = "As the answer's header Postern-Request-Id gave it.")
    private String requestId = "";

    @Override
    public Integer call() throws InterruptedException {
        return admin().show(api -> Explanations.shown(
                api.get("/denials/" + AdminClient.segment(requestId)).body()));
    }
}
