package dev.postern.cli.admin.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `postern admin whoami`
@Command(
        name = "whoami",
        description = "Gets an admin token and shows what it says; the token itself stays in memory.",
        mixinStandardHelpOptions = true)
final class WhoAmICommand extends AdminSubcommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        return admin().show(api -> Shown.fields(api.whoAmI()));
    }
}
