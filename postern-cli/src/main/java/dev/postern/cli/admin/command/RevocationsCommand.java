package dev.postern.cli.admin.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `postern admin revocations`
@Command(name = "revocations", description = "Lists what is revoked now.", mixinStandardHelpOptions = true)
final class RevocationsCommand extends AdminSubcommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        return admin().show(api ->
                Shown.table(api.list("/revocations"), Column.of("id", "kind", "value", "reason", "at", "until", "by")));
    }
}
